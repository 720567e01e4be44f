# lib.cli: command lines from sets of options.
{ lib }:
let
  valueString = lib.generators.mkValueStringDefault { };

  toCommandLine =
    optionFormat: attrs:
    let
      one =
        name: value:
        let
          format =
            {
              option,
              sep,
              explicitBool,
              formatArg ? valueString,
            }:
            if value == null || (!explicitBool && value == false) then
              [ ]
            else if !explicitBool && value == true then
              [ option ]
            else if sep == null then
              [
                option
                (formatArg value)
              ]
            else
              [ "${option}${sep}${formatArg value}" ];
        in
        format (optionFormat name);
      all =
        name: value:
        if name == "" then
          abort "lib.cli.toCommandLine only accepts non-empty option names."
        else if builtins.isList value then
          builtins.concatMap (one name) value
        else
          one name value;
    in
    builtins.concatLists (lib.mapAttrsToList all attrs);

  toCommandLineGNU =
    {
      isLong ? name: builtins.stringLength name > 1,
      explicitBool ? false,
      formatArg ? valueString,
    }:
    toCommandLine (name: {
      option = if isLong name then "--${name}" else "-${name}";
      sep = if isLong name then "=" else "";
      inherit explicitBool formatArg;
    });

  # The older form, in which options and their values are arguments of their own.
  toGNUCommandLine =
    {
      mkOptionName ? name: if builtins.stringLength name == 1 then "-${name}" else "--${name}",
      mkBool ? name: value: lib.optional value (mkOptionName name),
      mkList ? name: values: builtins.concatMap (mkOption name) values,
      mkOption ?
        name: value:
        if value == null then
          [ ]
        else if optionValueSeparator == null then
          [
            (mkOptionName name)
            (valueString value)
          ]
        else
          [ "${mkOptionName name}${optionValueSeparator}${valueString value}" ],
      optionValueSeparator ? null,
    }:
    options:
    let
      render =
        name: value:
        if builtins.isBool value then
          mkBool name value
        else if builtins.isList value then
          mkList name value
        else
          mkOption name value;
    in
    builtins.concatLists (lib.mapAttrsToList render options);
in
{
  inherit toCommandLine toCommandLineGNU toGNUCommandLine;
  toCommandLineShell = format: attrs: lib.escapeShellArgs (toCommandLine format attrs);
  toCommandLineShellGNU = options: attrs: lib.escapeShellArgs (toCommandLineGNU options attrs);
  toGNUCommandLineShell = options: attrs: lib.escapeShellArgs (toGNUCommandLine options attrs);
}
