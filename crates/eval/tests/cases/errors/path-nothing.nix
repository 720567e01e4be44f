{ lib }: builtins.path { }
