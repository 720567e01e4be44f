{ config, ... }:
{
  lab.name = "porch";
  lab.ports = [ (if config.lab.name == "porch" then 22 else 23) ];
}
