# What snowfall-lib makes of a repository, as far as its hosts and their modules need it.
{
  lib,
  nixosSystem,
  _lib,
  own,
  rest,
}:
{
  inputs,
  src,
  snowfall ? { },
  ...
}:
let
  root = snowfall.root or src;
  namespace = snowfall.namespace or "internal";

  found =
    kinds: directory:
    if builtins.pathExists directory then
      lib.mapAttrsToList (name: _: "${directory}/${name}") (
        lib.filterAttrs (_: kind: builtins.elem kind kinds) (builtins.readDir directory)
      )
    else
      [ ];
  directories = found [ "directory" ];
  files = found [ "regular" ];
  files-recursive =
    directory:
    if builtins.pathExists directory then
      lib.concatLists (
        lib.mapAttrsToList (
          name: kind:
          let
            path = "${directory}/${name}";
          in
          if kind == "directory" then
            files-recursive path
          else
            lib.optional (kind == "regular") path
        ) (builtins.readDir directory)
      )
    else
      [ ];
  is-default = path: baseNameOf path == "default.nix";
  defaults = directory: builtins.filter is-default (files-recursive directory);

  # Which inputs have a `lib` is not known of all.
  of-inputs = builtins.mapAttrs (_: input: input.lib) (
    removeAttrs inputs [
      "self"
      "src"
      "systems"
    ]
  );
  base =
    lib
    // of-inputs
    // {
      mkFlake = make;
      snowfall = rest // {
        fs = rest // {
          get-file = path: "${src}/${path}";
          get-snowfall-file = path: "${root}/${path}";
          get-directories = directories;
          get-files = files;
          get-files-recursive = files-recursive;
          get-default-nix-files = directory: builtins.filter is-default (files directory);
          get-default-nix-files-recursive = defaults;
        };
      };
    };
  of-user =
    let
      part =
        path:
        let
          imported = import path;
        in
        if lib.isFunction imported then
          lib.callPackageWith {
            inherit inputs namespace;
            snowfall-inputs = rest;
            lib = whole;
          } path { }
        else
          imported;
    in
    builtins.foldl' lib.recursiveUpdate { } (map part (defaults "${root}/lib"));
  whole = base // {
    ${namespace} = of-user;
  };

  # From the more specific to the more general: the first that a target has in its name.
  formats = [
    "amazon"
    "azure"
    "cloudstack"
    "docker"
    "do"
    "gce"
    "install-iso-hyperv"
    "hyperv"
    "install-iso"
    "iso"
    "kexec"
    "kexec-bundle"
    "kubevirt"
    "proxmox-lxc"
    "lxc-metadata"
    "lxc"
    "openstack"
    "proxmox"
    "qcow"
    "raw-efi"
    "raw"
    "sd-aarch64-installer"
    "sd-aarch64"
    "vagrant-virtualbox"
    "virtualbox"
    "vm-bootloader"
    "vm-nogui"
    "vmware"
    "vm"
  ];
  is-virtual = target: lib.any (format: lib.hasInfix format target) formats;
  is-nixos = target: !(is-virtual target) && !(lib.hasInfix "darwin" target);

  modules-of =
    kind:
    let
      directory = "${root}/modules/${kind}";
      name =
        path:
        builtins.replaceStrings [ (toString directory) "/default.nix" ] [ "" "" ] (
          builtins.unsafeDiscardStringContext path
        );
      # Special arguments that flake-utils-plus adds are not known.
      module =
        path:
        args@{ pkgs, ... }:
        let
          imported = import path;
          system = args.system or pkgs.stdenv.hostPlatform.system;
          target = args.target or system;
          given = rest // args // {
            inherit system target namespace inputs;
            format = if lib.hasInfix "darwin" target then "darwin" else "linux";
            virtual = args.virtual or (is-virtual target);
            systems = args.systems or { };
            lib = whole;
          };
        in
        (if lib.isFunction imported then imported given else imported) // { _file = path; };
    in
    builtins.listToAttrs (
      map (path: {
        name = lib.removePrefix "/" (name path);
        value = module path;
      }) (defaults directory)
    );

  make =
    {
      systems ? { },
      modules ? { },
      alias ? { },
      ...
    }:
    let
      user-modules = modules-of "nixos";
      host =
        name:
        { path, target }:
        let
          overrides = systems.hosts.${name} or { };
          system = overrides.system or target;
        in
        nixosSystem {
          inherit system _lib;
          modules = [
            { networking.hostName = lib.last (lib.splitString "." name); }
            own
            path
          ]
          ++ builtins.attrValues user-modules
          ++ overrides.modules or [ ]
          ++ systems.modules.nixos or [ ];
          specialArgs = overrides.specialArgs or { } // {
            inherit
              target
              system
              inputs
              namespace
              ;
            systems = rest;
            lib = whole;
            host = name;
            virtual = false;
            format = "linux";
          };
        };
      of-target =
        directory:
        let
          target = builtins.unsafeDiscardStringContext (baseNameOf directory);
          machine = path: {
            name = builtins.unsafeDiscardStringContext (baseNameOf path);
            value = {
              path = "${path}/default.nix";
              inherit target;
            };
          };
        in
        map machine (
          builtins.filter (path: builtins.pathExists "${path}/default.nix") (directories directory)
        );
      # Of two of a name the last one counts.
      machines = lib.listToAttrs (
        lib.reverseList (lib.concatMap of-target (directories "${root}/systems"))
      );
    in
    {
      nixosConfigurations = builtins.mapAttrs host (
        lib.filterAttrs (_: machine: is-nixos machine.target) machines
      );
      nixosModules =
        user-modules
        // builtins.mapAttrs (_: name: user-modules.${name}) (alias.modules.nixos or { })
        // modules.nixos or { };
    };
in
whole
