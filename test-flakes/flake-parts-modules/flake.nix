{
  description = "Modules that several modules of flake-parts define, and the order of what they say";

  inputs = {
    flake-parts.url = "github:hercules-ci/flake-parts";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
  };

  outputs = inputs: inputs.flake-parts.lib.mkFlake { inherit inputs; } ./parts.nix;
}
