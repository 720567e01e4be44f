{ lib }: lib.versions.minor "1"
