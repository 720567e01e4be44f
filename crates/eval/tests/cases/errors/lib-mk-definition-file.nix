{ lib }: lib.mkDefinition { value = 1; }
