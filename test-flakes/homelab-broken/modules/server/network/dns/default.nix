{lib, ...}: let
  contract = {
    enable = lib.mkDefault false;
    port = 53;
    type = "internal";
    persistedData = [];
    backupDirectories = [];
  };
in {
  qgroget.serviceModules.dns = contract // {description = "Names of the local network";};
  qgroget.serviceModules.dns.units = ["unbound.service"];
}
