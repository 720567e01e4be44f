{ lab.names = [ "several" ]; }
