# Stands for nixpkgs' own lib, as far as it is needed to be taken for it.
let
  lib = {
    trivial = import ./trivial.nix { inherit lib; };
    lists = {
      reverseList = throw "the checkout's own reverseList";
      everySecond = import ./every-second.nix;
    };
    modules = { inherit (lib) evalModules; };
    # Of these the native ones count.
    inherit (lib.lists) reverseList;
    evalModules = throw "the checkout's own evalModules";
    extend = throw "the checkout's own extend";
    mkDefault = throw "the checkout's own mkDefault";
    mkForce = throw "the checkout's own mkForce";
    mkIf = throw "the checkout's own mkIf";
    mkMerge = throw "the checkout's own mkMerge";
    mkOption = throw "the checkout's own mkOption";
    types = import ./types.nix { inherit lib; };
    inherit (lib.trivial) shout;
    systems.elaborate = platform: {
      inherit (platform) system;
      isLinux = platform.system == "x86_64-linux";
    };
    licenses.mit.spdxId = "MIT";
    unusable = import ./broken.nix;
    failing = throw "no more in this release";
    secret = import ../secret.nix;
    own = ./trivial.nix;
    recursive = lib.recursive + 1;
  };
in
lib
