{ _imports = [ 1 ]; y = 1; }
