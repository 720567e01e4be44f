{
  outputs =
    { self }:
    {
      nixosModules.guest = ./nixos/modules/profiles/guest.nix;
      lib = (import ./lib).extend (
        final: before: {
          nixosSystem =
            arguments:
            import ./nixos/lib/eval-config.nix (
              {
                lib = final;
                system = null;
                modules = arguments.modules ++ [ { system.source = "${self}"; } ];
              }
              // builtins.removeAttrs arguments [ "modules" ]
            );
        }
      );
    };
}
