{ lib }: lib.recursiveUpdate 1 { }
