# The attribute `check` of a type, called by the repository.
{ lib }:
with lib;
let
  checks = {
    str = [ types.str "a" 1 null ]; int = [ types.int 1 1.0 ]; port = [ types.port 80 65536 "80" ]; enum = [ (types.enum [ 1 "a" ]) 1 "b" ];
    path = [ types.path "/a" "a" ./files { } ]; list = [ (types.listOf types.int) [ "a" ] { } ]; set = [ (types.attrsOf types.int) { a = "x"; } [ ] ];
    nullable = [ (types.nullOr types.int) null 1 "a" ]; either = [ (types.either types.int types.str) 1 "a" null ];
    submodule = [ (types.submodule { }) { } (x: x) "/a" 1 ]; checked = [ (types.addCheck types.int (x: x > 3)) 4 3 "a" ];
    coerced = [ (types.coercedTo types.int toString types.str) 1 "a" true ]; custom = [ (mkOptionType { name = "x"; check = x: x == 1; }) 1 2 ];
    anything = [ types.anything 1 null ]; raw = [ types.raw null ]; tag = [ (types.attrTag { a = mkOption { }; }) { a = 1; } { b = 1; } ];
    matching = [ (types.strMatching "a+") "aa" "b" 1 ]; replaced = [ (types.str // { check = x: x == 5; }) "a" 5 ];
    replacedByOwn = [ (types.str // { inherit (types.int) check; }) "a" 5 ]; passwd = [ (types.passwdEntry types.str) "a" "a:" ];
  };
in
[
  {
    options.lab = mapAttrs (_: _: mkOption { }) checks // {
      used = mkOption { type = types.str // { inherit (types.int) check; }; };
      wrapped = mkOption { type = mkOptionType { name = "mine"; check = x: types.int.check x || x == "auto"; merge = mergeEqualOption; }; };
    };
    config.lab = mapAttrs (_: values: map (head values).check (tail values)) checks // { used = 1; wrapped = "auto"; };
  }
]
