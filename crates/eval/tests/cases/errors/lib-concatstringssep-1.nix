{ lib }: lib.concatStringsSep "," [ 1 ]
