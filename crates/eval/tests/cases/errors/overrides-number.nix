{ lib }: rec { __overrides = 1; }
