#!/usr/bin/env bash
# The time of a whole process: `nixpact check` on the homelab against `nix --version`.
#
#   benches/process.sh [ROUNDS]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. benches/pairs.sh

rounds=${1:-101}

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
nixpact=$(installed "$directory")

pair "$rounds" "$nixpact" check test-flakes/homelab -- nix --version
printf '%-36s %7d µs\n' 'nixpact check test-flakes/homelab' "$first"
printf '%-36s %7d µs\n' "$(nix --version)" "$second"
printf 'ratio %s over %d rounds\n' "$(hundredths $((first * 100 / second)))" "$rounds"
