#!/usr/bin/env bash
# Writes the expected values of flake-parts and frameworks of others again, which their own sources give with real Nix, and
# those of `pinned`, for which there is a stand-in of nixpkgs.
#
#   NIXPKGS_LIB=/path/to/nixpkgs/lib FLAKE_PARTS=DIR IMPORT_TREE=DIR HAUMEA=DIR EASY_HOSTS=DIR NIXOS_UNIFIED=DIR \
#     CLAN_CORE=DIR FLAKE_UTILS=DIR FLAKE_UTILS_PLUS=DIR test-flakes/frameworks.sh
#
# Each is made where its variable names a checkout of it; easy-hosts and nixos-unified need flake-parts, and
# flake-utils-plus flake-utils. Needs
# nix-instantiate and jq; neither a store nor a network.
set -euo pipefail

: "${NIXPKGS_LIB:?set it to the lib directory of a nixpkgs checkout}"

cd "$(dirname "${BASH_SOURCE[0]}")"

lib="import $(realpath "$NIXPKGS_LIB")"

# values FIXTURE OPTION EXPRESSION
values() {
  mkdir -p "$1/expected"
  nix-instantiate --eval --strict --json -E "let lib = $lib; in $3" | jq -S . >"$1/expected/$2.json.new"
  mv "$1/expected/$2.json.new" "$1/expected/$2.json"
  echo "$1/expected/$2.json"
}

# nixpkgs has of its own only what makes a host of modules, and the other sources a module that does nothing.
pins=$(mktemp -d)
mkdir -p "$pins"/nixpkgs/nixos/lib "$pins"/home-manager/nixos "$pins"/impermanence
echo '{ }' | tee "$pins"/home-manager/nixos/default.nix >"$pins"/impermanence/nixos.nix
cat >"$pins"/nixpkgs/nixos/lib/eval-config.nix <<EOF
{ modules, specialArgs ? { }, system ? null }:
($lib).evalModules { class = "nixos"; inherit modules specialArgs; }
EOF
cat >"$pins"/nixpkgs/nixos/default.nix <<'EOF'
{ configuration, system ? null, specialArgs ? { } }:
let
  eval = import ./lib/eval-config.nix { inherit system specialArgs; modules = [ configuration ]; };
in
{ inherit (eval) config options; }
EOF
cat >"$pins"/nixpkgs/default.nix <<EOF
{ overlays }:
{
  lib = $lib;
  nixos = configuration: import ./nixos/lib/eval-config.nix {
    modules = if builtins.isList configuration then configuration else [ configuration ];
    system = null;
  };
}
EOF
values pinned lab "
  let
    sources = lib.genAttrs [ \"home-manager\" \"impermanence\" \"nixpkgs\" ] (name: { outPath = \"$pins/\${name}\"; });
  in
  builtins.mapAttrs (_: host: host.config.lab) (import ./pinned { inherit sources; }).hosts"
rm -r "$pins"

if [[ -n ${IMPORT_TREE:-} ]]; then
  # Nix 2.8 lacks readFileType.
  values import-tree forms "
    let
      readFileType = path: (builtins.readDir (dirOf path)).\${baseNameOf path};
      scope = { builtins = { inherit readFileType; } // builtins; };
      import-tree = builtins.scopedImport scope $(realpath "$IMPORT_TREE")/default.nix;
    in
    import ./import-tree/forms.nix { inherit lib import-tree; }"
fi

if [[ -n ${HAUMEA:-} ]]; then
  values haumea forms "
    import ./haumea/forms.nix { inherit lib; haumea = import $(realpath "$HAUMEA") { inherit lib; }; }"
fi

if [[ -n ${FLAKE_PARTS:-} ]]; then
  # A host is the arguments of nixosSystem, and its value that of the module system alone.
  for fixture in flake-parts flake-parts-modules; do
    values $fixture lab "
      let
        flake-parts = (import $(realpath "$FLAKE_PARTS")/flake.nix).outputs {
          self = null;
          nixpkgs-lib = { inherit lib; };
        };
        inputs = {
          inherit flake-parts self;
          nixpkgs = {
            outPath = \"/nixpkgs\";
            lib = lib // {
              nixosSystem = { modules }: (lib.evalModules { class = \"nixos\"; inherit modules; }).config.lab;
            };
            legacyPackages.x86_64-linux = { };
          };
        };
        self = outputs // { inherit inputs; outPath = toString ./$fixture; };
        outputs = flake-parts.lib.mkFlake { inherit inputs; } ./$fixture/parts.nix;
      in
      outputs.nixosConfigurations"
  done
fi

if [[ -n ${EASY_HOSTS:-} && -n ${FLAKE_PARTS:-} ]]; then
  # A host is the arguments of nixosSystem, and its value that of the module system alone.
  values easy-hosts lab "
    let
      flake-parts = (import $(realpath "$FLAKE_PARTS")/flake.nix).outputs {
        self = null;
        nixpkgs-lib = { inherit lib; };
      };
      easy-hosts = (import $(realpath "$EASY_HOSTS")/flake.nix).outputs { self = easy-hosts // { outPath = \"/easy-hosts\"; }; };
      inputs = {
        inherit easy-hosts self;
        darwin.lib.darwinSystem = arguments: arguments;
        nixpkgs = {
          outPath = \"/nixpkgs\";
          lib = lib // { nixosSystem = arguments: arguments; };
          legacyPackages = lib.genAttrs [ \"x86_64-linux\" \"aarch64-linux\" ] (_: { });
        };
      };
      self = outputs // { inherit inputs; outPath = toString ./easy-hosts; };
      outputs = flake-parts.lib.mkFlake { inherit inputs; } {
        imports = [ ./easy-hosts/parts.nix ];
        # What is interpolated as a path would be copied to the store.
        easy-hosts.path = lib.mkForce (toString ./easy-hosts/hosts);
      };
      isRead = module: !(builtins.isString module && lib.hasPrefix \"/nixpkgs\" module);
      nixos = {
        options = lib.genAttrs [ \"networking\" \"nixpkgs\" ] (_: lib.mkOption { type = lib.types.attrsOf lib.types.raw; });
      };
      value = arguments:
        (lib.evalModules {
          inherit (arguments) specialArgs;
          modules = builtins.filter isRead arguments.modules ++ [ nixos ];
        }).config.lab;
    in
    builtins.mapAttrs (_: value) outputs.nixosConfigurations"
fi

if [[ -n ${NIXOS_UNIFIED:-} && -n ${FLAKE_PARTS:-} ]]; then
  # Of home-manager and NixOS only the options are there that nixos-unified sets. What is interpolated as a path would be
  # copied to the store, so the root is a string, to which no path can be added.
  unified=$(mktemp -d)
  cp -r "$(realpath "$NIXOS_UNIFIED")"/{flake.nix,nix} "$unified"
  sed -i 's|root + /${head cs}|root + "/${head cs}"|' "$unified/flake.nix"
  values nixos-unified lab "
    let
      flake-parts = (import $(realpath "$FLAKE_PARTS")/flake.nix).outputs {
        self = null;
        nixpkgs-lib = { inherit lib; };
      };
      nixos-unified = (import $unified/flake.nix).outputs { };
      option = lib.mkOption { type = lib.types.attrsOf lib.types.raw; };
      inputs = {
        inherit flake-parts nixos-unified self;
        home-manager.nixosModules.home-manager.options.home-manager = option;
        nixpkgs = {
          outPath = \"/nixpkgs\";
          lib = lib // {
            nixosSystem = { specialArgs, modules }: (lib.evalModules {
              inherit specialArgs;
              modules = modules ++ [ { options = { nix = option; nixpkgs = option; }; } ];
            }).config.lab;
          };
        };
      };
      self = outputs // { inherit inputs; outPath = toString ./nixos-unified; };
      outputs = nixos-unified.lib.mkFlake { inherit inputs; root = toString ./nixos-unified; specialArgs.who = \"all\"; };
    in
    outputs.nixosConfigurations"
  rm -r "$unified"
fi

if [[ -n ${CLAN_CORE:-} ]]; then
  # Of clan's own modules only the options are there that it sets.
  core=$(realpath "$CLAN_CORE")
  values clan lab "
    let
      clanLib = import $core/lib { inherit lib; };
      clan-core = {
        inherit clanLib;
        lib = clanLib // { clan = import $core/lib/clan { inherit lib clan-core; }; };
        modules.clan.default = import $core/modules/clan { inherit clan-core; };
        clan = {
          modules.importer = import $core/clanServices/importer;
          deprecatedModules = [ ];
          templates = { };
        };
        nixosModules.clanCore.options = lib.genAttrs [ \"assertions\" \"clan\" \"clanConfig\" \"warnings\" ] (
          _: lib.mkOption { type = lib.types.anything; }
        );
      };
      nixpkgs.lib = lib // {
        nixosSystem = { specialArgs, modules }: (lib.evalModules {
          inherit specialArgs;
          class = \"nixos\";
          modules = modules ++ [ { options.networking.hostName = lib.mkOption { type = lib.types.str; }; } ];
        }).config.lab;
      };
      inputs = { inherit clan-core nixpkgs self; };
      self = outputs // { inherit inputs; outPath = toString ./clan; };
      outputs = (import ./clan/flake.nix).outputs inputs;
    in
    outputs.nixosConfigurations"
fi

if [[ -n ${FLAKE_UTILS_PLUS:-} && -n ${FLAKE_UTILS:-} ]]; then
  # A nixpkgs that has the options that flake-utils-plus sets, and no package.
  nixpkgs=$(mktemp -d)
  mkdir -p "$nixpkgs/nixos/modules"
  cat >"$nixpkgs/default.nix" <<EOF
{ system, overlays ? [ ], config ? { } }:
{
  inherit system overlays config;
  lib = $lib;
  path = ./.;
  nixVersions.latest = "nix";
}
EOF
  echo '[ ./module.nix ]' >"$nixpkgs/nixos/modules/module-list.nix"
  cat >"$nixpkgs/nixos/modules/module.nix" <<'EOF'
{ config, lib, ... }:
let
  option = lib.mkOption { type = lib.types.attrsOf lib.types.anything; };
in
{
  options = {
    environment.etc = option;
    nix = { package = option // { type = lib.types.raw; }; extraOptions = option // { type = lib.types.lines; }; };
    nix.nixPath = option // { type = lib.types.raw; };
    nix.registry = option;
    system.configurationRevision = lib.mkOption { type = lib.types.str; };
    assertions = lib.mkOption { type = lib.types.listOf lib.types.raw; };
    networking.domain = lib.mkOption { type = lib.types.nullOr lib.types.str; };
    networking.hostName = lib.mkOption { type = lib.types.str; };
    nixpkgs.config = lib.mkOption { type = lib.types.attrs; default = { }; };
    nixpkgs.pkgs = lib.mkOption { type = lib.types.raw; };
  };
  config._module.args.pkgs = config.nixpkgs.pkgs;
}
EOF
  values flake-utils-plus lab "
    let
      utils = (import $(realpath "$FLAKE_UTILS_PLUS")/flake.nix).outputs {
        self = utils;
        flake-utils.lib = import $(realpath "$FLAKE_UTILS")/lib.nix { };
      };
      nixpkgs = {
        outPath = $nixpkgs;
        legacyPackages.x86_64-linux.nix = { };
        lib = lib // {
          nixosSystem = { modules, baseModules, specialArgs, ... }: (lib.evalModules {
            inherit specialArgs;
            modules = baseModules ++ modules;
          }).config.lab;
        };
      };
      inputs = { inherit nixpkgs self utils; };
      self = outputs // { inherit inputs; };
      outputs = (import ./flake-utils-plus/flake.nix).outputs inputs;
    in
    outputs.nixosConfigurations"
  rm -r "$nixpkgs"
fi
