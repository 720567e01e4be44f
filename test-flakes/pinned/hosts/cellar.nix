{ lib, ... }:
{
  lab.name = lib.mkDefault "cellar";
  lab.ports = lib.range 8000 8002;
}
