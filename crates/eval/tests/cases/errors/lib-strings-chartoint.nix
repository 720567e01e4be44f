{ lib }: lib.strings.charToInt "ab"
