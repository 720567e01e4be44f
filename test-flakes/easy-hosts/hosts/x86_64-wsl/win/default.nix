{ lab.names = [ "file of x86_64-wsl/win" ]; }
