{ lab.order = [ "plain" ]; }
