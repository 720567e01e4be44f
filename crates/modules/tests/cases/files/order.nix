{ ... }:
{
  imports = [ ./order-inner.nix ];
  lab.order = [ "file" ];
  lab.lines = "file";
}
