{ lab.names = [ "usual" ]; }
