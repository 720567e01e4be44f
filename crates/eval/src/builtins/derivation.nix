# builtins.derivation: the attributes given, and the outputs, each a package of its own.
arguments@{
  outputs ? [ "out" ],
  ...
}:
let
  made = derivationStrict arguments;
  common =
    arguments
    // builtins.listToAttrs packages
    // {
      all = map (package: package.value) packages;
      drvAttrs = arguments;
    };
  packages = map (outputName: {
    name = outputName;
    value = common // {
      outPath = made.${outputName};
      inherit (made) drvPath;
      type = "derivation";
      inherit outputName;
    };
  }) outputs;
in
(builtins.head packages).value
