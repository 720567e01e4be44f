# LLDAP starts, answers HTTP and LDAP, and keeps its people in PostgreSQL.
{lib, ...}: {
  name = "lldap";

  nodes.machine.qgroget.serviceModules = lib.genAttrs ["lldap" "postgresql"] (_: {enable = true;});

  testScript = {nodes, ...}: let
    contract = nodes.machine.qgroget.serviceModules.lldap;
  in ''
    machine.wait_for_unit("lldap.service")
    machine.wait_for_open_port(${toString contract.port})
    machine.wait_for_open_port(${toString contract.extraConfig.ldapPort})
    machine.succeed("curl --fail --silent http://127.0.0.1:${toString contract.port}/health")
    machine.succeed("sudo -u postgres psql lldap -tAc 'SELECT count(*) FROM users'")
  '';
}
