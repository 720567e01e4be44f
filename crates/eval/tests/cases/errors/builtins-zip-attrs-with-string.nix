{ lib }: builtins.zipAttrsWith "a" [ ]
