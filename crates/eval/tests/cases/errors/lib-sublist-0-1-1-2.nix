{ lib }: lib.sublist 0 (-1) [ 1 2 ]
