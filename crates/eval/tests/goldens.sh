#!/usr/bin/env bash
# Makes the .exp files again: what real Nix prints for each case.
#
# NIXPKGS_LIB names the lib folder of a nixpkgs checkout; nix-instantiate must be in PATH.
set -euo pipefail
: "${NIXPKGS_LIB:?set NIXPKGS_LIB to the lib folder of a nixpkgs checkout}"
cd "$(dirname "$0")/cases"
for case in */*.nix; do
  call="import ./$case { lib = import $(printf %q "$NIXPKGS_LIB"); }"
  if ! value=$(nix-instantiate --eval --strict -E "$call" 2>/tmp/nixpact-goldens.err); then
    value=error
    [ -z "${VERBOSE:-}" ] || sed "s|^|$case: |" /tmp/nixpact-goldens.err >&2
  fi
  printf '%s\n' "$value" >"${case%.nix}.exp"
done
