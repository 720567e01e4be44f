{ lib }: lib.toIntBase10 "-05"
