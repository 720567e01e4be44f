{ lib }: lib.strings.sanitizeDerivationName { outPath = "/o"; }
