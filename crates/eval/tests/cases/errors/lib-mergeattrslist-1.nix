{ lib }: lib.mergeAttrsList [ 1 { } ]
