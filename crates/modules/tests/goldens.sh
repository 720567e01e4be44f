#!/usr/bin/env bash
# Makes the .exp files again: what real Nix computes for each case (see golden.nix).
#
# NIXPKGS_LIB names the lib folder of a nixpkgs checkout; nix-instantiate must be in PATH. Errors that
# Nix cannot catch are found by evaluating each option in a process of its own. The cases `formats*`
# are made only where the whole of nixpkgs is there.
set -euo pipefail
: "${NIXPKGS_LIB:?set NIXPKGS_LIB to the lib folder of a nixpkgs checkout}"
cd "$(dirname "$0")"

evaluate() { # case, further arguments
  nix-instantiate --eval --strict --json -E \
    "import ./golden.nix { lib = import $NIXPKGS_LIB; case = ./$1; $2 $more }" 2>/dev/null
}

for case in ${1:-cases/*.nix}; do
  more=""
  if [[ $case == cases/formats* ]]; then
    nixpkgs=${NIXPKGS_LIB%/}/..
    [ -e "$nixpkgs/pkgs/pkgs-lib/formats.nix" ] || continue
    more="nixpkgs = $nixpkgs;"
  fi
  if ! value=$(evaluate "$case" ""); then
    if names=$(evaluate "$case" "names = true;"); then
      value='{}'
      for name in $(jq -r '.[]' <<<"$names"); do
        one=$(evaluate "$case" "path = [ \"$name\" ];") || one='"«error»"'
        value=$(jq -c --arg name "$name" --argjson one "$one" '.[$name] = $one' <<<"$value")
      done
    else
      value='"«error»"'
    fi
  fi
  jq -S . <<<"$value" >"${case%.nix}.exp"
done
