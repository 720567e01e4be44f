{ lib, ... }:
{
  meta.name = "fleet";

  specialArgs.who = "all";

  machines = {
    three = { config, ... }: { lab.words.host = config.networking.hostName; };
    two.lab.words.direct = "two";
  };

  inventory = {
    machines = {
      one.tags = [ "server" ];
      two.tags = [
        "server"
        "small"
      ];
      mac.machineClass = "darwin";
    };

    tags =
      { config, ... }:
      {
        large = builtins.filter (name: name != "two") config.nixos;
      };

    instances = {
      everywhere = {
        module.name = "importer";
        roles.default.tags.nixos = { };
        roles.default.extraModules = [ ./modules/lab.nix ];
      };
      servers = {
        module.name = "importer";
        module.input = "clan-core";
        roles.default.tags = [ "server" ];
        roles.default.extraModules = [
          { lab.words.role = "server"; }
          (toString ./modules/named.nix)
        ];
      };
      large = {
        module.name = "importer";
        roles.default.tags = [ "large" ];
        roles.default.machines.two = { };
        roles.default.extraModules = [
          ({ config, ... }: { lab.words.large = "on ${config.networking.hostName}"; })
        ];
      };
    };
  };
}
