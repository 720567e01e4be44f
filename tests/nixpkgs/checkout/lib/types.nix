{ lib }:
{
  attrs = throw "the checkout's own attrs";
  attrsOf = throw "the checkout's own attrsOf";
  bool = throw "the checkout's own bool";
  enum = throw "the checkout's own enum";
  listOf = throw "the checkout's own listOf";
  package = throw "the checkout's own package";
  port = throw "the checkout's own port";
  str = throw "the checkout's own str";
  submodule = throw "the checkout's own submodule";
  unspecified = throw "the checkout's own unspecified";
  # A type as nixpkgs' own mkOptionType makes one.
  even = {
    _type = "option-type";
    name = "even";
    description = "even number";
    check = x: builtins.isInt x && x / 2 * 2 == x;
    merge = location: definitions: (builtins.head definitions).value;
    emptyValue = { };
    getSubOptions = prefix: { };
    getSubModules = null;
    substSubModules = modules: null;
  };
}
