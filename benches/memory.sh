#!/usr/bin/env bash
# The most memory that a whole `nixpact check` holds at a time, against the size of the sources.
#
#   benches/memory.sh [SERVICES…]
#
# The aim is 6 times the sources and 20 MB. Needs GNU time.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

. benches/pairs.sh

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# A benchmark builds the program anew, with what its own dependencies add.
nixpact=$(installed "$root")

printf '%8s %11s %10s %10s %10s\n' services sources peak aim peak/aim
[[ $# -gt 0 ]] || set -- 20 200 2000
for services; do
  cargo bench --quiet --bench check -- generate "$root/$services" "$services"
  sources=$(find "$root/$services" -name '*.nix' -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) }')
  peak=$({ env time -f %M "$nixpact" check "$root/$services" >/dev/null; } 2>&1)
  aim=$((6 * sources + 20000000 / 1024))
  printf '%8d %7d KiB %6d KiB %6d KiB %10s\n' "$services" "$sources" "$peak" "$aim" \
    "$((peak / aim)).$(printf %02d $((peak * 100 / aim % 100)))"
done
