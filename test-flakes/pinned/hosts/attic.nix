{ keeps, lib, ... }:
{
  lab = {
    name = "attic";
    ports = lib.mkMerge [
      (lib.mkAfter [ 443 ])
      [ 80 ]
    ];
    greeting = "attic keeps ${keeps}";
  };
}
