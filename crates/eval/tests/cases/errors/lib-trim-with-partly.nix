{ lib }: lib.trimWith 2
