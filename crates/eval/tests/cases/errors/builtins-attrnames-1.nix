{ lib }: builtins.attrNames 1
