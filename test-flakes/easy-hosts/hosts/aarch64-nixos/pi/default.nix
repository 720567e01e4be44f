{ lab.names = [ "file of aarch64-nixos/pi" ]; }
