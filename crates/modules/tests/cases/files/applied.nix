{ value }: { lib, ... }: { config.lab.applied = value; config.lab.json = lib.mkDefault 1; }
