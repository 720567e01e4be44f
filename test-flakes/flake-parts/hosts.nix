{ lib, ... }:
{
  flake.builders = {
    one = { };
    two.profile = "server";
    three.extra = [ { lab.words.third = "three"; } ];
  };
  flake.builders.two.extra = lib.mkIf true [ ({ config, ... }: { lab.words.second = toString config.lab.names; }) ];
}
