# Everything in ./services is a service; nothing has to be listed.
{lib, ...}: let
  inherit (lib) attrNames filterAttrs hasSuffix;

  services = filterAttrs (name: type: type == "regular" && hasSuffix ".nix" name) (
    builtins.readDir ./services
  );
in {
  imports =
    [
      ./options.nix
      ./collector.nix
      ./settings.nix
    ]
    ++ map (name: ./services + "/${name}") (attrNames services);
}
