{ lib }: builtins.hashString "x" "y"
