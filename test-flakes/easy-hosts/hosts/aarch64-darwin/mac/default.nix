{ lab.names = [ "file of aarch64-darwin/mac" ]; }
