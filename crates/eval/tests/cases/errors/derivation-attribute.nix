{ lib }: builtins.derivationStrict { name = "x"; builder = "x"; system = "s"; foo = { }; }
