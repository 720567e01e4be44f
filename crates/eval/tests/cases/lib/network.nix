{ lib }:
let
  inherit (lib.network) ipv6;
  fails = value: !(builtins.tryEval (builtins.deepSeq value value)).success;
in
{
  addresses = map ipv6.fromString [
    "::"
    "::1"
    "2001:db8::"
    "2001:DB8::32/64"
    "2001:db8:0:0:0:0:0:32/128"
    "fe80::1:2/1"
  ];
  wrong = map (text: fails (ipv6.fromString text)) [
    "1"
    "::g"
    "1::2::3"
    "1:2:3:4:5:6:7:8:9"
    "::/0"
    "::/129"
    "::/1/2"
    "::fffff"
  ];
  suffix = map lib.mkEUI64Suffix [
    "66:75:63:6B:20:75"
    "66-75-63-6b-20-75"
    "66756300ff75"
  ];
  suffixFails = fails (ipv6.mkEUI64Suffix "66:75");
}
