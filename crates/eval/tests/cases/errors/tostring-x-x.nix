{ lib }: toString (x: x)
