{ lib }: builtins.getEnv [ ]
