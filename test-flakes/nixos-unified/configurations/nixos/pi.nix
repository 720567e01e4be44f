{ flake, ... }:
{
  imports = [ flake.inputs.self.nixosModules.lab ];
  lab.names =
    (if flake.config.flake.nixosConfigurations ? hand then [ "hand" ] else [ ])
    ++ (if builtins.isFunction flake.self.overlays.default then [ "overlay" ] else [ ]);
}
