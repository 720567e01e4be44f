{ lib }: lib.literalMD 1
