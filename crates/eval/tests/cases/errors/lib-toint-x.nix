{ lib }: lib.toInt "x"
