# Types of paths.
{ lib }:
with lib;
let
  all = {
    any = [ (types.pathWith { }) "a" ]; anySet = [ (types.pathWith { }) { outPath = "x"; } ]; anyInt = [ (types.pathWith { }) 1 ];
    absolute = [ (types.pathWith { absolute = true; }) "/a" "/a" ]; absoluteNot = [ (types.pathWith { absolute = true; }) "a" ];
    relative = [ (types.pathWith { absolute = false; }) "a" ]; relativeNot = [ (types.pathWith { absolute = false; }) "/a" ];
    outside = [ (types.pathWith { inStore = false; }) "/a" ]; outsideRelative = [ (types.pathWith { inStore = false; }) "a" ]; outsideReal = [ (types.pathWith { inStore = false; }) ./files ];
    inside = [ (types.pathWith { inStore = true; }) "/var" ];
    insideRelative = [ (types.pathWith { inStore = true; absolute = false; }) "a" ];
    external = [ types.externalPath "/a" ]; externalReal = [ types.externalPath ./files ]; externalRelative = [ types.externalPath "a" ]; externalTwo = [ types.externalPath "/a" "/b" ];
    inStore = [ types.pathInStore "/a" ]; inStoreInt = [ types.pathInStore 1 ];
    path = [ types.path "/a" "/a" ];
    twiceSame = [ types.path "/a" ]; twiceDiffer = [ types.path "/a" ];
  };
in
[
  {
    options.lab = mapAttrs (_: definitions: mkOption { type = head definitions; }) all // {
      default = mkOption { type = types.externalPath; default = "/x"; };
      apply = mkOption { type = types.externalPath; default = "/x"; apply = x: x + "/y"; };
    };
    config.lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all;
  }
  {
    options.lab.twiceSame = mkOption { type = types.pathWith { absolute = true; }; };
    options.lab.twiceDiffer = mkOption { type = types.externalPath; };
  }
]
