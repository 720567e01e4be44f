{
  description = "Hosts that flake-utils-plus makes";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    utils.url = "github:gytis-ivaskevicius/flake-utils-plus";
  };

  outputs =
    inputs@{ self, utils, ... }:
    utils.lib.mkFlake {
      inherit self inputs;

      channelsConfig.allowUnfree = true;

      nixosModules = utils.lib.exportModules [
        ./modules/lab.nix
        { _file = ./modules/more.nix; lab.words.more = "a set"; }
        ({ config, ... }: { _file = ./modules/named.nix; lab.words.named = "a function"; })
      ];

      hostDefaults = {
        modules = [
          self.nixosModules.lab
          ./hosts
        ];
        extraArgs.who = "all";
        specialArgs.where = "here";
      };

      hosts = {
        tower.modules = [ self.nixosModules.more ];
        "com.example.web" = {
          system = "aarch64-linux";
          modules = [
            ({ who, extra, ... }: { lab.words.given = "${who} and ${extra}"; })
            { lab.words = utils.lib.eachSystemMap [ "aarch64-linux" ] (system: "on ${system}"); }
          ];
          extraArgs.extra = "more";
        };
        own = {
          builder = { modules, ... }@args: inputs.nixpkgs.lib.nixosSystem (args // {
            modules = modules ++ [ self.nixosModules.named ];
          });
        };
        elsewhere = {
          output = "images";
          modules = [ ];
        };
      };
    };
}
