{
  description = "A homelab whose services declare themselves";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

    disko = {
      url = "github:nix-community/disko";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    impermanence.url = "github:nix-community/impermanence";
    nixpact = {
      url = "github:nixpact/nixpact";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    quadlet-nix.url = "github:SEIAROTg/quadlet-nix";
    sops-nix = {
      url = "github:Mic92/sops-nix";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = {
    self,
    nixpkgs,
    disko,
    impermanence,
    nixpact,
    quadlet-nix,
    sops-nix,
    ...
  } @ inputs: let
    inherit (nixpkgs) lib;

    system = "x86_64-linux";
    pkgs = nixpkgs.legacyPackages.${system};

    # What the service modules expect of others, besides secrets.
    serviceFramework = [
      impermanence.nixosModules.impermanence
      quadlet-nix.nixosModules.quadlet
    ];

    hostFramework = [
      disko.nixosModules.disko
      sops-nix.nixosModules.sops
    ];

    mkSystem = hostname: extraModules:
      lib.nixosSystem {
        inherit system;
        specialArgs = {inherit inputs hostname;};
        modules = [./hosts/${hostname}/configuration.nix] ++ serviceFramework ++ hostFramework ++ extraModules;
      };

    # A test in virtual machines, each with all modules of this repository and the secrets of
    # tests/common.nix instead of real ones.
    vmTest = file:
      pkgs.testers.runNixOSTest {
        imports = [file];
        defaults.imports =
          serviceFramework
          ++ [
            ./settings.nix
            ./modules/server
            ./tests/common.nix
          ];
      };

    # Services whose test is tests/<service>/default.nix.
    arrs = ["sonarr" "radarr" "bazarr" "prowlarr"];
  in {
    nixosConfigurations.Server = mkSystem "Server" [];

    checks.${system} =
      {
        # The contract of every service on every host, from the source text.
        nixpact = nixpact.lib.mkCheck {
          inherit pkgs;
          src = self;
        };

        # Evaluation only: these take seconds.
        collectorTest = import ./tests/collector/eval-test.nix {inherit lib pkgs;};

        # Virtual machines, one per service.
        autheliaTest = vmTest ./tests/authelia;
        crowdsecTest = vmTest ./tests/crowdsec;
        file-serverTest = vmTest ./tests/file-server;
        immichTest = vmTest ./tests/immich;
        jellyfinTest = vmTest ./tests/jellyfin;
        jellyseerrTest = vmTest ./tests/jellyseerr;
        lldapTest = vmTest ./tests/lldap;
        navidromeTest = vmTest ./tests/navidrome;
        nicotineTest = vmTest ./tests/nicotine;
        obsidianTest = vmTest ./tests/obsidian;
        portfolioTest = vmTest ./tests/portfolio;
        postgresqlTest = vmTest ./tests/postgresql;
        qbittorrentTest = vmTest ./tests/qbittorrent;
        syncthingTest = vmTest ./tests/syncthing;
        traefikTest = vmTest ./tests/traefik;
        vaultwardenTest = vmTest ./tests/vaultwarden;

        # Several services together.
        ssoTest = vmTest ./tests/integration/sso.nix;
      }
      // lib.listToAttrs (map (name: lib.nameValuePair "${name}Test" (vmTest ./tests/${name})) arrs);

    formatter.${system} = pkgs.alejandra;
  };
}
