# The machine itself. The services it runs are listed in settings.nix.
{
  config,
  hostname,
  lib,
  ...
}: {
  imports = [
    ./disks.nix
    ./settings.nix
    ../../settings.nix
    ../../modules/server
  ];

  networking = {
    hostName = hostname;
    firewall = {
      enable = true;
      allowedTCPPorts = [80 443];
    };
  };

  time.timeZone = config.qgroget.server.timeZone;

  boot.loader = {
    systemd-boot.enable = true;
    efi.canTouchEfiVariables = true;
  };

  # What the host persists for itself; the collector appends what the services need.
  environment.persistence."/persist" = {
    hideMounts = true;
    directories = [
      "/var/log"
      "/var/lib/nixos"
      "/var/lib/systemd/coredump"
    ];
    files = ["/etc/machine-id"];
  };

  users.groups.${config.qgroget.server.mediaGroup.name} = {
    inherit (config.qgroget.server.mediaGroup) gid;
  };

  virtualisation.podman = {
    enable = true;
    autoPrune.enable = true;
  };

  sops = {
    defaultSopsFile = ../../secrets/secrets.yaml;
    age.sshKeyPaths = ["/persist/etc/ssh/ssh_host_ed25519_key"];
    secrets."server/restic/password" = {};
  };

  services.openssh = {
    enable = true;
    settings = {
      PasswordAuthentication = false;
      PermitRootLogin = lib.mkDefault "no";
    };
  };

  system.stateVersion = "25.11";
}
