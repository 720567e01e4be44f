{ lib }: throw "x"
