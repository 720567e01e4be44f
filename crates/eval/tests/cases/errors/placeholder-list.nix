{ lib }: builtins.placeholder [ ]
