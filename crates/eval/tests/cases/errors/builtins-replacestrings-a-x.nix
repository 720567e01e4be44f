{ lib }: builtins.replaceStrings [ "a" ] [ ] "x"
