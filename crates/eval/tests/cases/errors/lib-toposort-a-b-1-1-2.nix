{ lib }: lib.toposort (a: b: 1) [ 1 2 ]
