{ lib }:
let
  inherit (lib) cli;
  options = {
    data = "a b";
    X = "PUT";
    retry = 3;
    retry-delay = null;
    url = [ "https://x/?q" "y" ];
    silent = false;
    verbose = true;
    v = true;
    e = [ ];
    n = [ true 1 ];
  };
in
{
  gnu = cli.toGNUCommandLine { } options;
  gnuSeparator = cli.toGNUCommandLine { optionValueSeparator = "="; } options;
  gnuShell = cli.toGNUCommandLineShell { } options;
  gnuOwn = cli.toGNUCommandLine {
    mkOptionName = k: "-${k}";
    mkBool = k: v: [ "${k}=${if v then "y" else "n"}" ];
    mkList = k: v: [ k (lib.concatStringsSep "," v) ];
  } {
    a = true;
    b = [ "x" "y" ];
    c = 1;
  };
  line = cli.toCommandLine (name: {
    option = "--${name}";
    sep = if name == "retry" then null else ":";
    explicitBool = name == "silent";
  }) options;
  lineShell = cli.toCommandLineShell (name: {
    option = "-${name}";
    sep = null;
    explicitBool = false;
    formatArg = v: "<${toString v}>";
  }) { a = "x y"; b = [ 1 2 ]; };
  lineGNU = cli.toCommandLineGNU { } options;
  lineGNUExplicit = cli.toCommandLineGNU { explicitBool = true; isLong = name: name == "X"; } {
    X = "a";
    silent = false;
    v = true;
  };
  lineShellGNU = cli.toCommandLineShellGNU { } options;
}
