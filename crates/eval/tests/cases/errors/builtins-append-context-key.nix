{ lib }: builtins.appendContext "a" { b = { }; }
