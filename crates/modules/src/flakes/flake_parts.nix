# What flake-parts declares itself, and what it gives to modules to declare options with.
{
  lib,
  own,
  ...
}:
{
  # Of its own options those that every version has, and that are no outputs.
  module.options.systems = lib.mkOption {
    type = lib.types.listOf lib.types.str;
  };

  functions = {
    # options.flake = mkSubmoduleOptions { … }: an option that is a submodule with these options, which those of
    # flake-parts itself join. To declare them below the place comes to the same.
    mkSubmoduleOptions = options: options;

    # What the option of that name is for each system becomes an output.
    mkTransposedPerSystemModule =
      {
        name,
        option,
        file,
      }:
      {
        _file = file;
        options.flake.${name} = lib.mkOption {
          type = lib.types.lazyAttrsOf option.type;
          default = { };
        };
        config.flake.${name} = own;
        config.transposition.${name} = { };
      };
  };
}
