{ lab.names = [ "file of systems/usual" ]; }
