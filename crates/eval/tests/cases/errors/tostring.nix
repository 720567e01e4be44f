{ lib }: toString { }
