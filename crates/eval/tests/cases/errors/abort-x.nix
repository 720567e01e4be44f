{ lib }: abort "x"
