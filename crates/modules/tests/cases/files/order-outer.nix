{
  imports = [ ./order-plain.nix ];
  lab.order = [ "outer" ];
}
