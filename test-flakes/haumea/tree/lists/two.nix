{ _imports = [ 2 ]; }
