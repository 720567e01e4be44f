{ config, ... }: { lab.words.config = "of ${toString (builtins.length config.lab.names)}"; }
