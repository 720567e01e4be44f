# `formats.toml`: each key of the top level in a line, what is below it inline.
{
  lib,
  writeText,
}: let
  line = name: value: "${builtins.toJSON name} = ${inline value}";

  inline = value:
    if builtins.isAttrs value
    then "{ ${builtins.concatStringsSep ", " (lib.mapAttrsToList line value)} }"
    else if builtins.isList value
    then "[ ${builtins.concatStringsSep ", " (map inline value)} ]"
    else builtins.toJSON value;
in {
  type = lib.types.attrs;
  generate = name: value: writeText name (builtins.concatStringsSep "\n" (lib.mapAttrsToList line value) + "\n");
}
