{ found = [ "a" ]; }
