# The checks of nixpact's own flake.
{
  pkgs,
  self,
}: let
  package = self.packages.${pkgs.stdenv.hostPlatform.system}.nixpact;
  mkCheck = arguments: self.lib.mkCheck ({inherit pkgs;} // arguments);
in {
  inherit package;

  tests = package.overrideAttrs {
    src = self;
    doCheck = true;
    cargoTestFlags = ["--workspace"];
    nativeCheckInputs = [pkgs.gitMinimal];
  };

  homelab = mkCheck {src = ../test-flakes/homelab;};

  # Settings stand in place of the repository's own file.
  homelab-settings = mkCheck {
    name = "nixpact-settings";
    src = ../test-flakes/homelab;
    settings = {
      contract.option = "qgroget.serviceModules";
      lints.duplicate-port = "warn";
    };
    extraArgs = ["--deny-warnings"];
  };

  homelab-broken = pkgs.runCommand "nixpact-broken" {nativeBuildInputs = [package];} ''
    status=0
    nixpact check ${../test-flakes/homelab-broken} > $out || status=$?
    [ "$status" -eq 1 ]
  '';
}
