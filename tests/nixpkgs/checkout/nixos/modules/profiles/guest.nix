{ boot.kernelModules = [ "virtio" ]; }
