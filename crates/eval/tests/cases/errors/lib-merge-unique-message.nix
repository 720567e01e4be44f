{ lib }: lib.mergeUniqueOption { }
