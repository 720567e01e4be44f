{ lib, ... }: { options.lab.words = lib.mkOption { type = lib.types.attrsOf lib.types.str; }; }
