{ order = [ 1 ]; }
