{ lib }: lib.toUpper 1
