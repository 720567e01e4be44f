# lib.path: subpaths, which are relative and stay below what they are appended to.
{ lib }:
let
  # Why a value is no subpath; `null` where it is one.
  wrong =
    value:
    if !builtins.isString value then
      "The given value is of type ${builtins.typeOf value}, but a string was expected"
    else if value == "" then
      "The given string is empty"
    else if builtins.substring 0 1 value == "/" then
      "The given string \"${value}\" starts with a `/`, representing an absolute path"
    else if builtins.match "(.*/)?\\.\\.(/.*)?" value != null then
      "The given string \"${value}\" contains a `..` component, which is not allowed in subpaths"
    else
      null;
  isValid = value: wrong value == null;
  checked =
    name: value:
    if isValid value then
      value
    else
      throw "lib.path.subpath.${name}: Argument is not a valid subpath string:\n    ${wrong value}";

  parts = text: builtins.filter (part: part != "" && part != ".") (lib.splitString "/" text);
  joined = parts: "./" + (if parts == [ ] then "." else lib.concatStringsSep "/" parts);
in
{
  subpath = {
    inherit isValid;
    components = value: parts (checked "components" value);
    join =
      subpaths:
      let
        first = lib.findFirst (value: !isValid value) null subpaths;
      in
      if builtins.all isValid subpaths then
        joined (builtins.concatMap parts subpaths)
      else
        throw "lib.path.subpath.join: An element is not a valid subpath string:\n    ${wrong first}";
    normalise = value: joined (parts (checked "normalise" value));
  };
}
