{ config, inputs, where, lib, ... }:
{
  lab.words = {
    inherit where;
    host = config.networking.hostName;
    inputs = if inputs ? utils then "has utils" else "has it not";
    domain = if config.networking.domain == null then "none" else config.networking.domain;
  };
}
