{hostname, ...}: {
  imports = [
    ./settings.nix
    ../../settings.nix
    ../../modules/server
  ];

  networking.hostName = hostname;
  environment.persistence."/persist".directories = ["/var/log" "/var/lib/nixos"];
  system.stateVersion = "25.11";
}
