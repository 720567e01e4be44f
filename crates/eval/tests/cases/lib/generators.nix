{ lib }:
let
  inherit (lib) generators;
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
  drv = {
    type = "derivation";
    name = "hello-1.0";
    outPath = "/out";
  };
in
{
  keyValue = generators.toKeyValue { } {
    a = 1;
    b = "x=y";
    "c=d" = true;
    e = null;
    f = 1.5;
    g = drv;
  };
  keyValueLists =
    generators.toKeyValue
      {
        listsAsDuplicateKeys = true;
        indent = "  ";
      }
      {
        a = [
          1
          "two"
        ];
        b = [ ];
        c = false;
      };
  keyValueListFails = map fails [
    (generators.mkValueStringDefault { } { __functor = self: x: x; type = "derivation"; outPath = throw "no"; })
  ];
  keyValueOwn = generators.toKeyValue {
    mkKeyValue = generators.mkKeyValueDefault {
      mkValueString = v: if v == true then "yes" else generators.mkValueStringDefault { } v;
    } ": ";
  } { "a: b" = true; c = false; };
  ini = generators.toINI { } {
    "a [b]" = {
      x = 1;
      y = "z";
    };
    empty = { };
    last.key = -3;
  };
  iniLists = generators.toINI { listsAsDuplicateKeys = true; } { a.b = [ 1 2 ]; };
  iniGlobal = generators.toINIWithGlobalSection { } {
    globalSection = {
      port = 80;
      on = true;
    };
    sections.s.k = "v";
  };
  iniNoGlobal = generators.toINIWithGlobalSection { } { globalSection = { }; };
  git = generators.toGitINI {
    url."ssh://git@github.com/".insteadOf = [
      "https://github.com/"
      "gh:"
    ];
    user = {
      name = "A \"B\" \\ C\ttab";
      signing = true;
    };
    a.b.c.d = 1;
    x.y = 2;
    x.z.w = 3;
    "quoted \"s\"".k = "v";
    "dotted.section".k = "v";
  };
  dconf = generators.toDconfINI {
    "org/gnome" = {
      a = true;
      b = "it's";
      c = [ "x" "y" ];
      d = 0.5;
      e = lib.gvariant.mkInt32 3;
    };
  };
  pretty = generators.toPretty { } {
    int = 1;
    negative = -1;
    float = 0.25;
    string = "a \"quoted\" \${x} \\ text";
    lines = "one\ntwo ''three'' \${four}\n";
    lines2 = "one\ntwo";
    yes = true;
    no = false;
    nothing = null;
    list = [ 1 [ ] { } [ "x" ] ];
    "needs quotes" = { a.b.c = { }; };
    function = x: x;
    arguments = { a, b ? 1, ... }: a;
    functor = { __functor = self: { c ? 2 }: c; };
    inherit drv;
    nameless = { type = "derivation"; };
    "if" = 1;
    path = /a/b;
  };
  prettyLine = generators.toPretty { multiline = false; } {
    a = [ 1 { b = "x\ny"; } ];
    c = "";
  };
  prettyIndent = generators.toPretty { indent = "    "; } [ { a = [ 1 ]; } "x\n" ];
  prettyOwn = generators.toPretty { allowPrettyValues = true; } {
    a = {
      __pretty = v: "<${toString v}>";
      val = 3;
    };
    b.__pretty = 1;
  };
  recursion = generators.withRecursion { depthLimit = 2; throwOnDepthLimit = false; } {
    a.b.c.d = 1;
    e = [ [ [ 1 ] ] ];
    f = 1;
    __functor = self: x: { y.z.w = x; };
  };
  recursionFails = fails (generators.withRecursion { depthLimit = 1; } { a.b.c = 1; });
  plist = generators.toPlist { escape = true; } {
    a = 1;
    b = [ true false "x<y" [ ] ];
    c.d = null;
    e = 1.5;
    "k&" = { };
    path = /a/b;
    _module = 1;
  };
  plistRaw = generators.toPlist { escape = false; } { a = "x<y"; };
  dhall = generators.toDhall { } {
    a = [ 1 (-2) ];
    b = true;
    c = "x\"y";
    d = { };
    e = 1.5;
  };
  lua = generators.toLua { } {
    a = [ 1 2.5 "x" ];
    b.c = true;
    "d e" = null;
    f = lib.mkLuaInline "require('x')";
    g = { };
    h = [ ];
  };
  luaLine = generators.toLua { multiline = false; } [ { a = 1; } [ false ] ];
  luaBindings = generators.toLua { asBindings = true; indent = "  "; } {
    a = { x = [ 1 ]; };
    b.c = 2;
    "d.e" = 1;
  };
  luaBindingsEmpty = generators.toLua { asBindings = true; } { };
  luaWrongName = fails (generators.toLua { asBindings = true; } { "1a" = 1; });
  json = generators.toJSON { } { a = [ 1 ]; };
  yaml = generators.toYAML { } { a = "x"; };
}
