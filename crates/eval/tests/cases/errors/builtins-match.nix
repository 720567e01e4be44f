{ lib }: builtins.match "(" ""
