#!/usr/bin/env bash
# Writes test-flakes/<fixture>/expected/<option>.json again: the values that real Nix computes.
#
#   NIXPKGS_LIB=/path/to/nixpkgs/lib test-flakes/goldens.sh [fixture…]
#
# Needs nix-instantiate, jq and a checkout of nixpkgs' lib directory; neither a store nor a network.
# Values that hold packages or secrets are stand-ins, see slice.nix.
set -euo pipefail

: "${NIXPKGS_LIB:?set it to the lib directory of a nixpkgs checkout}"

cd "$(dirname "${BASH_SOURCE[0]}")"

lib=$(realpath "$NIXPKGS_LIB")

# evaluate MODULES OPTION
evaluate() {
  nix-instantiate --eval --strict --json ./slice.nix \
    --arg lib "import \"$lib\"" \
    --arg modules "$1" \
    --argstr option "$2" \
    --arg specialArgs '{ inputs = {}; hostname = "Server"; }'
}

# goldens FIXTURE MODULES OPTION…
goldens() {
  local fixture=$1 modules=$2 option
  shift 2
  mkdir -p "$fixture/expected"
  rm -f "$fixture"/expected/*.json
  for option; do
    evaluate "$modules" "$option" | jq . >"$fixture/expected/$option.json"
    echo "$fixture/expected/$option.json"
  done
}

homelab() {
  goldens homelab '[ ./homelab/hosts/Server/configuration.nix ]' \
    assertions \
    environment.persistence \
    networking.firewall \
    qgroget.backups \
    qgroget.databaseConfig \
    qgroget.server \
    qgroget.serviceModules \
    qgroget.traefik \
    services.authelia.instances \
    services.postgresql.ensureDatabases \
    services.postgresql.ensureUsers \
    services.redis.servers \
    services.restic.backups \
    services.syncthing \
    services.traefik.dynamicConfigOptions \
    services.traefik.staticConfigOptions \
    sops.secrets \
    systemd.services \
    virtualisation.oci-containers \
    virtualisation.quadlet.containers
}

# The failing assertions of the collector, and what Nix says about the files that it refuses. The
# latter have stand-ins in the former, since they would stop the evaluation.
homelab_broken() {
  local root=./homelab-broken expected=homelab-broken/expected file base
  local -A refused=(
    [media/navidrome]=qgroget.serviceModules.navidrome.port
    [misc/file-server]=qgroget.serviceModules.file-server.port
    [misc/obsidian]=qgroget.serviceModules.obsidian.type
    [misc/portfolio]=qgroget.serviceModules.portfolio.port
    [network/dns]=qgroget.serviceModules.dns.port
  )

  # The contract is that of the homelab; only the services are wrong.
  for file in settings.nix modules/server/options.nix modules/server/collector.nix; do
    cmp "homelab/$file" "homelab-broken/$file"
  done

  base="$root/settings.nix $root/hosts/Server/settings.nix $root/modules/server/options.nix $root/modules/server/collector.nix"
  local good="$base"
  for file in homelab-broken/modules/server/*/*/; do
    file=${file#homelab-broken/modules/server/}
    file=${file%/}
    if [ -z "${refused[$file]+x}" ]; then
      good+=" $root/modules/server/$file"
    fi
  done

  evaluate "[ $good {
    qgroget.serviceModules = builtins.mapAttrs (_: port: {
      inherit port;
      persistedData = [];
      backupDirectories = [];
    }) { navidrome = 4533; obsidian = 5984; portfolio = 3000; };
  } ]" assertions | jq 'map(select(.assertion | not))' >"$expected/assertions.json"
  echo "$expected/assertions.json"

  for file in "${!refused[@]}"; do
    { evaluate "[ $base $root/modules/server/$file ]" "${refused[$file]}" 2>&1 >/dev/null || true; } \
      | sed -n "s#$PWD/homelab-broken/##g; /^error: /{s/^error: //p;q}" \
      | jq -R --arg file "modules/server/$file/default.nix" '{key: $file, value: .}'
  done | jq -s 'sort_by(.key) | from_entries' >"$expected/refused.json"
  echo "$expected/refused.json"
}

shape_b() {
  goldens shape-b '[ ./shape-b/modules ]' \
    assertions \
    environment.persistence \
    lab.backups \
    lab.serviceModules \
    services.postgresql.ensureDatabases \
    services.postgresql.ensureUsers \
    services.traefik.dynamicConfigOptions
}

fixtures=("$@")
if [ ${#fixtures[@]} -eq 0 ]; then
  fixtures=(homelab homelab-broken shape-b)
fi
for fixture in "${fixtures[@]}"; do
  "${fixture//-/_}"
done
