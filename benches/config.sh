#!/usr/bin/env bash
# What a collector writes, computed by `nixpact config` and by real Nix with nixpkgs' module system:
# the same option of the same modules, as whole processes, for the homelab and for 150 services.
#
#   NIXPKGS_LIB=/path/to/nixpkgs/lib benches/config.sh [ROUNDS]
#
# Needs nix-instantiate, jq and a checkout of nixpkgs' lib directory; neither a store nor a network.
set -euo pipefail

: "${NIXPKGS_LIB:?set it to the lib directory of a nixpkgs checkout}"

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. benches/pairs.sh

rounds=${1:-31}
lib=$(realpath "$NIXPKGS_LIB")
option=qgroget.backups

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
nixpact=$(installed "$directory")
generated=$directory/generated
cargo bench --quiet --bench check -- generate "$generated" 150

# The commands for what is in $root.
commands() {
  config=("$nixpact" config "$option" --root "$root" --format json)
  real=(
    nix-instantiate --eval --strict --json test-flakes/slice.nix
    --arg lib "import \"$lib\""
    --arg modules "[ $root/hosts/Server/configuration.nix ]"
    --argstr option "$option"
    --arg specialArgs '{ inputs = {}; hostname = "Server"; }'
  )
}

# A comparison of different values would say nothing: what nixpact knows must be what Nix computes.
agree() {
  jq -en --slurpfile own <("${config[@]}") --slurpfile nix <("${real[@]}") '
    def agrees($own; $nix):
      if $own | type == "object" and has("$unknown") then true
      elif ($own | type) != ($nix | type) then false
      elif $own | type == "object" then
        ($own | del(.["$rest"]) | keys) == ($nix | keys)
        and all($nix | keys[]; agrees($own[.]; $nix[.]))
      elif $own | type == "array" then
        ($own | length) == ($nix | length)
        and all(range($own | length); agrees($own[.]; $nix[.]))
      else $own == $nix end;
    agrees($own[0].hosts[0].value; $nix[0])' >/dev/null
}

for subject in homelab '150 services'; do
  root=$(realpath test-flakes/homelab)
  [[ $subject == homelab ]] || root=$generated
  commands
  agree || { echo "$subject: nixpact and Nix disagree" >&2; exit 1; }
  pair "$rounds" "${config[@]}" -- "${real[@]}"
  printf '%-14s nixpact %7d µs   nix-instantiate %7d µs   %s times faster\n' \
    "$subject" "$first" "$second" "$(hundredths $((second * 100 / first)))"
done
