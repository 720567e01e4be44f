{ lib }:
[
  (rec {
    __overrides.a = 2;
    a = 1;
    b = a;
  })
  (rec {
    __overrides = { c = 3; b = a; };
    a = 1;
    b = 0;
    d = b + 1;
  })
  (rec { "${"foo"}" = "bar"; __overrides.bar = "qux"; })
  ({ __overrides.a = 2; a = 1; })
  (let __overrides.a = 2; a = 1; in a)
]
