#!/usr/bin/env bash
# Makes the .exp files again: what real Nix prints for each case, or "error".
#
# NIXPKGS_LIB names the lib folder of a nixpkgs checkout; nix-instantiate must be in PATH.
# Nix prints «repeated» for a set that it has printed before: let a case show each of its sets once.
set -euo pipefail
: "${NIXPKGS_LIB:?set NIXPKGS_LIB to the lib folder of a nixpkgs checkout}"
cd "$(dirname "$0")/cases"
for case in */*.nix; do
  call="import ./$case { lib = import $NIXPKGS_LIB; }"
  value=$(nix-instantiate --eval --strict -E "$call" 2>/dev/null) || value=error
  printf '%s\n' "$value" >"${case%.nix}.exp"
done
