{ lab.names = [ "file of x86_64-iso/stick" ]; }
