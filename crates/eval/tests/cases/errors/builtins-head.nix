{ lib }: builtins.head [ ]
