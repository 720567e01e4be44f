# flake-utils-plus: hosts by name, with what all of them share.
{
  lib,
  nixosSystem,
  own,
  flake-utils,
  ...
}:
let
  inherit (builtins) baseNameOf isAttrs isFunction isList;

  mergeAny =
    left: right:
    left
    // builtins.mapAttrs (
      name: value:
      if isAttrs value then
        left.${name} or { } // value
      else if isList value then
        left.${name} or [ ] ++ value
      else
        value
    ) right;

  mkFlake =
    {
      self,
      inputs,
      hosts ? { },
      hostDefaults ? { },
      ...
    }@args:
    let
      others = removeAttrs args [
        "inputs"
        "hosts"
        "hostDefaults"
        "nixosProfiles"
        "channels"
        "channelsConfig"
        "self"
        "sharedOverlays"
        "supportedSystems"
        "outputsBuilder"
      ];

      made =
        name:
        {
          channelName ? "nixpkgs",
          system ? "x86_64-linux",
          output ? "nixosConfigurations",
          builder ? nixosSystem,
          modules ? [ ],
          extraArgs ? { },
          specialArgs ? { },
        }:
        let
          isDarwin = output == "darwinConfigurations";
          labels = lib.reverseList (lib.splitString "." name);
          domain = builtins.tail labels;
          first = {
            networking.hostName = builtins.head labels;
            networking.domain = if domain == [ ] then lib.mkDefault null else lib.concatStringsSep "." domain;
            _module.args = (if isDarwin then { } else { inherit inputs; }) // extraArgs;
          };
        in
        {
          ${output}.${name} = builder (
            {
              inherit system;
              # The package set of the channel and what else it defines itself.
              modules = [
                first
                own
              ]
              ++ modules;
              specialArgs = {
                channel = own.channel;
              }
              // specialArgs;
            }
            // lib.optionalAttrs isDarwin {
              inherit inputs;
              pkgs = own.channel;
            }
          );
        };
      all = lib.mapAttrsToList (name: host: made name (mergeAny hostDefaults host)) hosts;
    in
    # What outputsBuilder gives for each system is not known.
    own.lib.mkFlake // mergeAny others (builtins.foldl' mergeAny { } all);

  exportModules =
    modules:
    let
      named = file: value: {
        name = lib.removeSuffix ".toml" (lib.removeSuffix ".nix" (baseNameOf file));
        inherit value;
      };
      # A function may need none of its arguments to say what file it is.
      fileOf = module: (if isFunction module then module (builtins.functionArgs module) else module)._file;
      exported =
        module:
        if builtins.isPath module then
          {
            name = lib.removeSuffix ".nix" (baseNameOf module);
            value = import module;
          }
        else
          named (fileOf module) module;
    in
    builtins.listToAttrs (map exported modules);
in
{
  lib = own.lib // flake-utils.lib // {
    inherit mkFlake exportModules mergeAny;
  };
}
