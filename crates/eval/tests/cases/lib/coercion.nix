# Arguments that are no strings where a string is made of them, and which of them are looked at.
{ lib }:
let
  no = throw "not needed";
  spoken = {
    __toString = _: "1.2-rc";
  };
  located = {
    outPath = "/o";
  };
in
{
  traceValFn = [
    (builtins.tryEval (lib.traceValFn (_: throw "traced") 1)).success
    (lib.traceValFn (_: [ no ]) 2)
  ];
  literalCode = lib.options.literalCode "python" "x = 1";
  pad = [
    (lib.versions.pad 3 spoken)
    (lib.versions.pad 2 located)
  ];
  fixedWidthString = [
    (lib.fixedWidthString 5 { __toString = _: "s"; } "15")
    (lib.fixedWidthString 6 no "length")
    (lib.fixedWidthString 2 "0" located).outPath
  ];
  nameFromURL = [
    (lib.nameFromURL "https://x.org/nix-1.7.tar" 7)
    (lib.nameFromURL "https://x.org/nix-1.7.tar" "-")
  ];
  splitStringBy = [
    (lib.strings.splitStringBy (_: it: it == ".") no "ab")
    (lib.strings.splitStringBy (_: it: it == ".") false located)
    (lib.strings.splitStringBy (_: it: it == ".") true "a.b")
  ];
  setAttrByPath = [
    (lib.setAttrByPath [ null true ] no)
    (lib.setAttrByPath [ "a" null ] no)
  ];
  makeSearchPath = [
    (lib.makeSearchPath located [ "" ])
    (lib.makeSearchPath no [ ])
    (lib.makeSearchPath no [ null ])
    (lib.makeSearchPathOutput no no [ ])
    (lib.makeSearchPath "bin" [ located null "/x" ])
  ];
}
