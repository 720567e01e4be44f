# lib.generators: configuration files from values.
{ lib }:
let
  inherit (lib)
    concatStrings
    concatStringsSep
    escape
    isDerivation
    mapAttrsToList
    ;

  # What stands between the members of a list or set, on lines of their own or not.
  spaces = multiline: indent: {
    intro = if multiline then "\n${indent}  " else " ";
    outro = if multiline then "\n${indent}" else " ";
  };

  mkValueStringDefault =
    { }:
    v:
    let
      refuse = what: abort "generators.mkValueStringDefault: ${what} not supported: ${toPretty { } v}";
    in
    if builtins.isInt v || isDerivation v then
      toString v
    else if builtins.isString v then
      v
    else if v == true then
      "true"
    else if v == false then
      "false"
    else if v == null then
      "null"
    else if builtins.isList v then
      refuse "lists"
    else if builtins.isAttrs v then
      refuse "attrsets"
    else if lib.isFunction v then
      refuse "functions"
    else if builtins.isFloat v then
      lib.strings.floatToString v
    else
      refuse "this value is";

  mkKeyValueDefault =
    {
      mkValueString ? mkValueStringDefault { },
    }:
    separator: key: value:
    "${escape [ separator ] key}${separator}${mkValueString value}";

  toKeyValue =
    {
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
      indent ? "",
    }:
    attrs:
    let
      line = key: value: indent + mkKeyValue key value + "\n";
      lines =
        key: value:
        if listsAsDuplicateKeys && builtins.isList value then
          map (line key) value
        else
          [ (line key value) ];
    in
    concatStrings (builtins.concatLists (mapAttrsToList lines attrs));

  defaultSectionName =
    name:
    escape [
      "["
      "]"
    ] name;

  toINI =
    {
      mkSectionName ? defaultSectionName,
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    sections:
    let
      section =
        name: values:
        "[${mkSectionName name}]\n" + toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } values;
    in
    concatStringsSep "\n" (mapAttrsToList section sections);

  toINIWithGlobalSection =
    {
      mkSectionName ? defaultSectionName,
      mkKeyValue ? mkKeyValueDefault { } "=",
      listsAsDuplicateKeys ? false,
    }:
    {
      globalSection,
      sections ? { },
    }:
    (
      if globalSection == { } then
        ""
      else
        toKeyValue { inherit mkKeyValue listsAsDuplicateKeys; } globalSection + "\n"
    )
    + toINI { inherit mkSectionName mkKeyValue listsAsDuplicateKeys; } sections;

  # `a.b.c = v` becomes the section `a "b"` with the key `c`.
  toGitINI =
    let
      mkSectionName =
        name:
        let
          parts = lib.splitString "." name;
        in
        if lib.hasInfix "\"" name || builtins.length parts == 1 then
          name
        else
          "${builtins.head parts} \"${concatStringsSep "." (builtins.tail parts)}\"";
      quote = builtins.replaceStrings [ "\n" "\t" "\"" "\\" ] [ "\\n" "\\t" "\\\"" "\\\\" ];
      mkValueString =
        v: mkValueStringDefault { } (if builtins.isString v then "\"${quote v}\"" else v);
      pair = mkKeyValueDefault { inherit mkValueString; } " = ";
      line = key: value: "\t" + pair key value;
      mkKeyValue =
        key: value:
        if builtins.isList value then concatStringsSep "\n" (map (line key) value) else line key value;
      isSection = value: builtins.isAttrs value && !isDerivation value;
      # The sections below a value, each as a set of one section.
      below =
        path: value:
        if isSection value then
          builtins.concatMap (name: below ([ name ] ++ path) value.${name}) (builtins.attrNames value)
        else if builtins.length path > 1 then
          [
            {
              ${concatStringsSep "." (lib.reverseList (builtins.tail path))}.${builtins.head path} = value;
            }
          ]
        else
          [ { ${builtins.head path} = value; } ];
      flattened =
        attrs:
        let
          nested = builtins.filter (
            name:
            builtins.isAttrs attrs.${name} && builtins.any isSection (builtins.attrValues attrs.${name})
          ) (builtins.attrNames attrs);
        in
        removeAttrs attrs nested
        // lib.foldl lib.recursiveUpdate { } (below [ ] (lib.genAttrs nested (name: attrs.${name})));
    in
    attrs: toINI { inherit mkKeyValue mkSectionName; } (flattened attrs);

  mkDconfKeyValue = mkKeyValueDefault {
    mkValueString = value: toString (lib.gvariant.mkValue value);
  } "=";

  withRecursion =
    {
      depthLimit,
      throwOnDepthLimit ? true,
    }:
    assert builtins.isInt depthLimit;
    let
      special = [
        "__functor"
        "__functionArgs"
        "__toString"
        "__pretty"
      ];
      cut =
        depth:
        if depthLimit != null && depth > depthLimit then
          if throwOnDepthLimit then
            throw "Exceeded maximum eval-depth limit of ${toString depthLimit} while trying to evaluate with `generators.withRecursion'!"
          else
            _: "<unevaluated>"
        else
          v: v;
      go =
        depth: v:
        let
          next = inner: go (depth + 1) (cut (depth + 1) inner);
        in
        if builtins.isAttrs v then
          builtins.mapAttrs (name: if builtins.elem name special then inner: inner else next) v
        else if builtins.isList v then
          map next v
        else
          cut (depth + 1) v;
    in
    go 0;

  prettyString =
    multiline: space: text:
    let
      lines = builtins.filter builtins.isString (builtins.split "\n" text);
      single = map (escape [
        "\\"
        "\""
        "\${"
      ]) lines;
      several = map (builtins.replaceStrings [ "\${" "''" ] [ "''\${" "'''" ]) lines;
      last = lib.last several;
    in
    if multiline && builtins.length lines > 1 then
      "''"
      + space.intro
      + concatStringsSep space.intro (lib.init several)
      + (if last == "" then space.outro else space.intro + last)
      + "''"
    else
      "\"" + concatStringsSep "\\n" single + "\"";

  prettyFunction =
    function:
    let
      arguments = lib.functionArgs function;
      shown = mapAttrsToList (name: optional: if optional then name + "?" else name) arguments;
    in
    if arguments == { } then "<function>" else "<function, args: {${concatStringsSep ", " shown}}>";

  toPretty =
    {
      allowPrettyValues ? false,
      multiline ? true,
      indent ? "",
    }:
    let
      go =
        indent: v:
        let
          space = spaces multiline indent;
          inner = go (indent + "  ");
          enclosed =
            open: items: close:
            open + space.intro + concatStringsSep space.intro items + space.outro + close;
          attribute = name: value: "${lib.strings.escapeNixIdentifier name} = ${inner value};";
        in
        if builtins.isInt v then
          toString v
        else if builtins.isFloat v then
          builtins.toJSON v
        else if builtins.isString v then
          prettyString multiline space v
        else if v == true then
          "true"
        else if v == false then
          "false"
        else if v == null then
          "null"
        else if builtins.isPath v then
          toString v
        else if builtins.isList v then
          if v == [ ] then "[ ]" else enclosed "[" (map inner v) "]"
        else if lib.isFunction v then
          prettyFunction v
        else if builtins.isAttrs v then
          if allowPrettyValues && v ? __pretty && v ? val then
            v.__pretty v.val
          else if v == { } then
            "{ }"
          else if v ? type && v.type == "derivation" then
            "<derivation ${v.name or "???"}>"
          else
            enclosed "{" (mapAttrsToList attribute v) "}"
        else
          abort "generators.toPretty: should never happen";
    in
    go indent;

  toPlist =
    {
      escape ? false,
    }:
    v:
    let
      text = if escape then lib.escapeXML else x: x;
      expr =
        indent: v:
        if v == null then
          ""
        else if builtins.isBool v then
          indent + (if v then "<true/>" else "<false/>")
        else if builtins.isInt v then
          "${indent}<integer>${toString v}</integer>"
        else if builtins.isString v then
          "${indent}<string>${text v}</string>"
        else if builtins.isList v then
          concatStringsSep "\n" [
            "${indent}<array>"
            (lib.concatMapStringsSep "\n" (expr "\t${indent}") v)
            "${indent}</array>"
          ]
        else if builtins.isAttrs v then
          concatStringsSep "\n" [
            "${indent}<dict>"
            (concatStringsSep "\n" (lib.flatten (mapAttrsToList (entry indent) v)))
            "${indent}</dict>"
          ]
        else if builtins.isPath v then
          "${indent}<string>${text (toString v)}</string>"
        else if builtins.isFloat v then
          "${indent}<real>${toString v}</real>"
        else
          abort "generators.toPlist: should never happen";
      entry =
        indent: name: value:
        if name == "_module" || value == null then
          [ ]
        else
          [
            "\t${indent}<key>${text name}</key>"
            (expr "\t${indent}" value)
          ];
    in
    ''
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
      <plist version="1.0">
      ${expr "" v}
      </plist>'';

  toDhall =
    { }@options:
    v:
    let
      inner = toDhall options;
      items = concatStringsSep ", ";
    in
    if builtins.isAttrs v then
      "{ ${items (mapAttrsToList (key: value: "${key} = ${inner value}") v)} }"
    else if builtins.isList v then
      "[ ${items (map inner v)} ]"
    else if builtins.isInt v then
      "${if v < 0 then "" else "+"}${toString v}"
    else if builtins.isBool v then
      if v then "True" else "False"
    else if lib.isFunction v then
      abort "generators.toDhall: cannot convert a function to Dhall"
    else if v == null then
      abort "generators.toDhall: cannot convert a null to Dhall"
    else
      builtins.toJSON v;

  toLua =
    {
      multiline ? true,
      indent ? "",
      asBindings ? false,
    }@options:
    v:
    let
      space = spaces multiline indent;
      inner = toLua (
        options
        // {
          indent = if asBindings then indent else "${indent}  ";
          asBindings = false;
        }
      );
      enclosed = items: "{${space.intro}${concatStringsSep ",${space.intro}" items}${space.outro}}";
      isName =
        name: builtins.match "[[:alpha:]_][[:alnum:]_]*(\\.[[:alpha:]_][[:alnum:]_]*)*" name != null;
      wrong = builtins.filter (name: !isName name) (builtins.attrNames v);
      bindings =
        assert lib.assertMsg (wrong == [ ]) "Bad Lua var names: ${toPretty { } wrong}";
        concatStrings (mapAttrsToList (name: value: "${indent}${name} = ${inner value}\n") v);
    in
    if asBindings then
      bindings
    else if v == null then
      "nil"
    else if builtins.isInt v || builtins.isFloat v || builtins.isString v || builtins.isBool v then
      builtins.toJSON v
    else if builtins.isPath v || isDerivation v then
      builtins.toJSON "${v}"
    else if builtins.isList v then
      if v == [ ] then "{}" else enclosed (map inner v)
    else if builtins.isAttrs v then
      if v._type or null == "lua-inline" then
        "(${v.expr})"
      else if v == { } then
        "{}"
      else
        enclosed (mapAttrsToList (key: value: "[${builtins.toJSON key}] = ${inner value}") v)
    else
      abort "generators.toLua: type ${builtins.typeOf v} is unsupported";
in
{
  inherit
    mkDconfKeyValue
    mkKeyValueDefault
    mkValueStringDefault
    toDhall
    toGitINI
    toINI
    toINIWithGlobalSection
    toKeyValue
    toLua
    toPlist
    toPretty
    withRecursion
    ;
  mkLuaInline = expr: {
    _type = "lua-inline";
    inherit expr;
  };
  toDconfINI = toINI { mkKeyValue = mkDconfKeyValue; };
}
