{ lib }: builtins.toFile "x" 1
