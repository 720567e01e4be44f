{ lib }: builtins.listToAttrs [ { name = "a"; } ]
