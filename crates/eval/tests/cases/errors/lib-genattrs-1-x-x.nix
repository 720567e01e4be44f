{ lib }: lib.genAttrs [ 1 ] (x: x)
