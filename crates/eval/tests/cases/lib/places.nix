{ lib }:
let
  here = toString ./.;
  file = toString ./places.nix;
  inner = toString ./inner/default.nix;
in
{
  prefix = [
    (lib.removePrefix here file)
    (lib.removePrefix "${here}/" inner)
    (lib.removePrefix (toString ./inner) inner)
    (lib.hasPrefix here inner)
    (lib.hasPrefix (toString ./inner) file)
    (lib.hasPrefix file here)
    (lib.removePrefix (toString ./inner) file == file)
  ];
  suffix = [
    (lib.hasSuffix "/default.nix" inner)
    (lib.hasSuffix "inner/default.nix" inner)
    (lib.hasSuffix "/inner.nix" inner)
    (lib.hasInfix "/inner/" inner)
    (lib.removeSuffix "/inner/default.nix" inner == here)
    (lib.removePrefix here (lib.removeSuffix ".nix" inner))
    (lib.hasSuffix "/default.nix" "${here}/default.nix")
  ];
  names = [
    (baseNameOf file)
    (baseNameOf inner)
    (baseNameOf "${here}/a/")
    (lib.removePrefix here (dirOf inner))
    (dirOf file == here)
    (dirOf inner == toString ./inner)
  ];
  equal = [
    (file == "${here}/places.nix")
    (file == toString ./places.nix)
    (file == inner)
    (here == "${here}/")
    (toString ./inner + "/default.nix" == inner)
    (file == "places.nix")
  ];
  copies = [
    ("${./places.nix}" == "${./places.nix}")
    ("${./places.nix}/a" == "${./places.nix}/b")
    ("${./places.nix}" == "${./places.nix}/a")
    (lib.hasSuffix "places.nix" "${./places.nix}")
    (lib.hasSuffix "/places.nix" "${./places.nix}")
    (lib.hasSuffix "other.nix" "${./places.nix}")
    (baseNameOf "${./places.nix}/a/b.nix")
    (lib.hasInfix "/_" ./places.nix)
    (lib.hasInfix "places" ./places.nix)
    (lib.hasInfix "-places.nix/a" "${./places.nix}/a")
    (lib.hasInfix "/lib/" "${./places.nix}")
    (lib.hasSuffix ".nix" ./places.nix)
  ];
}
