{ lab.names = [ "file of x86_64-nixos/twice" ]; }
