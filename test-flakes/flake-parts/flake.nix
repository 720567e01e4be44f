{
  description = "Outputs that flake-parts makes of modules";

  inputs = {
    flake-parts.url = "github:hercules-ci/flake-parts";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    # How the flake itself is fetched; it is none of the inputs.
    self.submodules = true;
  };

  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } ./parts.nix;
}
