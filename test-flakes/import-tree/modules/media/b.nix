{ found = [ "b" ]; }
