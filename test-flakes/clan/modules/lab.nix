{ lib, who, ... }:
{
  options.lab.words = lib.mkOption { type = lib.types.attrsOf lib.types.str; };
  config.lab.words = { inherit who; };
}
