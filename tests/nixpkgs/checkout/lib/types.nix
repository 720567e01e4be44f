{ lib }:
{
  str = throw "the checkout's own str";
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
