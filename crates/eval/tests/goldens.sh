#!/usr/bin/env bash
# Makes the .exp files again: what real Nix prints for each case, or "error".
#
# nix-instantiate must be in PATH. NIXPKGS_LIB names the lib folder of a nixpkgs checkout; without it
# only the cases that do not use lib are made.
# Nix prints «repeated» for a set that it has printed before: let a case show each of its sets once.
set -euo pipefail
cd "$(dirname "$0")/cases"
for case in */*.nix; do
  # grep reads to the end: with -q it would leave early, and under pipefail the broken pipe would count.
  if [ -z "${NIXPKGS_LIB:-}" ] && sed 1d "$case" | grep -w lib >/dev/null; then
    continue
  fi
  lib='throw "not needed"'
  [ -z "${NIXPKGS_LIB:-}" ] || lib="import $NIXPKGS_LIB"
  call="import ./$case { lib = $lib; }"
  value=$(nix-instantiate --eval --strict -E "$call" 2>/dev/null) || value=error
  printf '%s\n' "$value" >"${case%.nix}.exp"
done
