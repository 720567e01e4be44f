{ inputs, ... }:
{
  imports = [ inputs.easy-hosts.flakeModule ];
  systems = [ "x86_64-linux" "aarch64-linux" ];
  easy-hosts = {
    autoConstruct = true;
    path = ./hosts;
    additionalClasses.wsl = "nixos";
    shared = {
      modules = [ ./options.nix { lab.names = [ "shared" ]; } ];
      specialArgs = { who = "all"; shared = { a = 1; b = 2; }; };
    };
    perClass = class: {
      modules = [ { lab.names = [ "class ${class}" ]; } ];
      specialArgs = { who = "class ${class}"; };
    };
    perArch = arch: { modules = [ { lab.names = [ "arch ${arch}" ]; } ]; };
    perTag = tag: {
      modules = [ { lab.names = [ "tag ${tag}" ]; } ];
      specialArgs.shared.b = tag;
    };
    hosts = {
      tower.tags = [ "big" "loud" ];
      pi.specialArgs.who = "nobody: the class is later";
      usual.modules = [ { lab.names = [ "own" ]; networking.hostName = "other"; } ];
    };
  };
}
