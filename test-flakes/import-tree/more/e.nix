{ found = [ "e" ]; }
