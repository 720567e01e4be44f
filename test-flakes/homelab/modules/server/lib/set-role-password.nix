# Gives a PostgreSQL role the password that sops-nix decrypted. Containers need it, since they
# reach the server over TCP, where their user id proves nothing.
#
# Returns what goes into systemd.services.postgresql-setup.
{
  config,
  lib,
}: {
  role,
  secret,
}: {
  script = lib.mkAfter ''
    psql --set=password="$(< ${config.sops.secrets.${secret}.path})" <<'SQL'
      ALTER ROLE "${role}" WITH PASSWORD :'password';
    SQL
  '';
}
