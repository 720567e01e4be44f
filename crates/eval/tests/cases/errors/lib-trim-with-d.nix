{ lib }: lib.trimWith { d = 1; } "x"
