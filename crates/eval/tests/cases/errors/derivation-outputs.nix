{ lib }: builtins.derivationStrict { name = "x"; builder = "x"; system = "s"; outputs = [ "out" "out" ]; }
