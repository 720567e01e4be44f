{ lib }: lib.hasAttrByPath [ 1 ] { }
