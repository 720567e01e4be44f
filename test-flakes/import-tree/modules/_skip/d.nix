{ found = [ "d" ]; }
