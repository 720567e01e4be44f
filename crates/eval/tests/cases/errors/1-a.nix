{ lib }: 1 + "a"
