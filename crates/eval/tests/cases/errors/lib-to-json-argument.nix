{ lib }: lib.generators.toJSON { a = 1; } 1
