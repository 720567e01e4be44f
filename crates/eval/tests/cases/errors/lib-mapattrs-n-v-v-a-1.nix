{ lib }: lib.mapAttrs' (n: v: v) { a = 1; }
