{ lib }: builtins.splitVersion 1
