#!/usr/bin/env bash
# Has real Nix evaluate a generated repository: no assertion of its collector may fail.
#
#   NIXPKGS_LIB=/path/to/nixpkgs/lib benches/validate.sh [SERVICES]
#
# Needs nix-instantiate, jq and a checkout of nixpkgs' lib directory; neither a store nor a network.
set -euo pipefail

: "${NIXPKGS_LIB:?set it to the lib directory of a nixpkgs checkout}"

cd "$(dirname "${BASH_SOURCE[0]}")/.."

services=${1:-200}
lib=$(realpath "$NIXPKGS_LIB")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

cargo bench --quiet --bench check -- generate "$root" "$services"

nix-instantiate --eval --strict --json test-flakes/slice.nix \
  --arg lib "import \"$lib\"" \
  --arg modules "[ $root/hosts/Server/configuration.nix ]" \
  --argstr option assertions \
  --arg specialArgs '{ inputs = {}; hostname = "Server"; }' \
  | jq -r '
      (map(select(.assertion | not)) | map(.message)) as $failing
      | if $failing == [] then "\(length) assertions hold"
        else ($failing | join("\n")) | halt_error(1) end'
