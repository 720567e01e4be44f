# lib.options and lib.modules: what makes a set of its argument, and is seldom used.
{ lib }:
let
  expression =
    name: type: text:
    if builtins.isString text then
      {
        _type = type;
        inherit text;
      }
    else
      throw "${name} expects a string.";
in
{
  literalCode =
    languageTag: text:
    lib.options.literalMD ''
      ```${languageTag}
      ${text}
      ```
    '';
  literalExpression = expression "literalExpression" "literalExpression";
  literalMD = expression "literalMD" "literalMD";
  mergeUniqueOption =
    {
      message,
      merge ? loc: defs: (builtins.head defs).value,
    }:
    loc: defs:
    if builtins.length defs == 1 then
      merge loc defs
    else
      assert builtins.length defs > 1;
      throw "The option `${lib.showOption loc}' is defined multiple times while it's expected to be unique.\n${message}";
  mkDefinition = definition@{ file, value, ... }: definition // { inherit file value; _type = "definition"; };
  mkDerivedConfig =
    option: f: lib.mkOverride (option.highestPrio or lib.modules.defaultOverridePriority) (f option.value);
  mkSinkUndeclaredOptions =
    settings:
    lib.mkOption (
      {
        internal = true;
        visible = false;
        default = false;
        description = "Sink for option definitions.";
        type = lib.mkOptionType {
          name = "sink";
          check = _: true;
          merge = _: _: false;
        };
        apply = _: throw "Option value is not readable because the option is not declared.";
      }
      // settings
    );
}
