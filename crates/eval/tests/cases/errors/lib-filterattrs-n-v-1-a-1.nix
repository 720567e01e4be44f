{ lib }: lib.filterAttrs (n: v: 1) { a = 1; }
