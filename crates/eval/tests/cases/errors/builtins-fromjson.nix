{ lib }: builtins.fromJSON "{"
