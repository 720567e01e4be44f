{ lib }: lib.getAttrFromPath [ "a" ] { }
