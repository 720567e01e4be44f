{ lib }: lib.optional 1 2
