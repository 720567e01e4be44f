{ lib }: builtins.toJSON (x: x)
