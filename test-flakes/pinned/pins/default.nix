# The sources that are pinned. A directory takes the place of one where NPINS_OVERRIDE_name says so.
let
  pins = builtins.fromJSON (builtins.readFile ./sources.json);

  override =
    name: path:
    let
      other = builtins.getEnv "NPINS_OVERRIDE_${builtins.replaceStrings [ "-" ] [ "_" ] name}";
    in
    if other == "" then path else /. + other;

  source =
    name: pin:
    pin
    // {
      outPath = override name (builtins.fetchTarball { inherit (pin) url sha256; });
    };
in
builtins.mapAttrs source pins
