# builtins.replaceStrings in strings that begin with where something lies.
{ lib }:
let
  here = toString ./.;
  copy = "${./.}/builtins";
  discard = builtins.unsafeDiscardStringContext;
  inherit (builtins) replaceStrings;
in
[
  (replaceStrings [ here "/default.nix" ] [ "" "" ] (toString ./a/default.nix))
  (replaceStrings [ "${here}/" ".nix" ] [ "" "" ] "${here}/a/b.nix")
  (discard (replaceStrings [ copy "/default.nix" ] [ "" "" ] "${copy}/a/default.nix"))
  (discard (replaceStrings [ copy ] [ "x" ] copy))
  (replaceStrings [ here ] [ "x" ] "abc")
  (replaceStrings [ here ] [ "x" ] here)
  (replaceStrings [ "q" here ] [ "y" "x" ] (here + "/q/q"))
  (replaceStrings [ "${here}/zz" here ] [ "y" "x" ] (here + "/q/q"))
  (replaceStrings [ here "/" ] [ "x" "-" ] (here + "/q/q"))
  (replaceStrings [ here "" ] [ "x" "-" ] (here + "/q"))
]
