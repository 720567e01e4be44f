{ lib }:
let
  infinite = 1.0e300 * 1.0e300;
  none = infinite - infinite;
in
{
  zeros = [
    (0.0 * (-1))
    (-0.0)
    (0 * 1.5)
    (0.0e-400)
  ];
  written = [
    infinite
    (-infinite)
    1.0e6
    123456.7
    1.0e-5
    0.00012
  ];
  compared = [
    (none < none)
    (none > 1)
    (none <= none)
    (none < 1)
    (infinite == infinite)
    (-infinite < infinite)
    (1 == 1.0)
  ];
  asStrings = map toString [
    infinite
    (0.0 * (-1))
    1.0e20
    0.1
  ];
  asXml = builtins.toXML (0.0 * (-1));
}
