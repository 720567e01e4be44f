#!/usr/bin/env bash
# The time of a whole process: `nixpact check` on the homelab against `nix --version`.
#
#   benches/process.sh [ROUNDS]
#
# The two take turns, so that whatever slows the machine down slows both down; medians are compared.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=${1:-101}

cargo build --release --quiet
nixpact=${CARGO_TARGET_DIR:-target}/release/nixpact

# once COMMAND…: prints how many microseconds it took.
once() {
  local begin=${EPOCHREALTIME/[.,]/}
  "$@" >/dev/null 2>&1 || return 1
  echo $((${EPOCHREALTIME/[.,]/} - begin))
}

median() {
  sort -n | sed -n "$(((rounds + 1) / 2))p"
}

times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

# Both once before, to warm the caches; and to see that both work.
once "$nixpact" check test-flakes/homelab >/dev/null
once nix --version >/dev/null

for ((round = 0; round < rounds; round++)); do
  once "$nixpact" check test-flakes/homelab >>"$times/nixpact"
  once nix --version >>"$times/nix"
done

nixpact_median=$(median <"$times/nixpact")
nix_median=$(median <"$times/nix")

printf '%-36s %7d µs\n' 'nixpact check test-flakes/homelab' "$nixpact_median"
printf '%-36s %7d µs\n' "$(nix --version)" "$nix_median"
printf 'ratio %d.%02d over %d rounds\n' \
  $((nixpact_median / nix_median)) $((nixpact_median * 100 / nix_median % 100)) "$rounds"
