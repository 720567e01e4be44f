{ found = [ "_c" ]; }
