# What each version of nixpkgs says of the platforms that repositories name.
{ lib }:
let
  systems = [
    "x86_64-linux"
    "aarch64-linux"
    "i686-linux"
    "armv7l-linux"
    "armv6l-linux"
    "riscv64-linux"
    "x86_64-darwin"
    "aarch64-darwin"
  ];
  names = [
    "is32bit" "is64bit" "isAarch32" "isAarch64" "isAlpha" "isAndroid" "isAvr" "isBSD" "isBigEndian"
    "isCygwin" "isDarwin" "isFreeBSD" "isGenode" "isGhcjs" "isLinux" "isLittleEndian" "isMacOS" "isMinGW"
    "isMips" "isMsp430" "isMusl" "isNetBSD" "isNone" "isOpenBSD" "isPower" "isRedox" "isRiscV" "isSparc"
    "isSunOS" "isUClibc" "isUnix" "isVc4" "isWasi" "isWasm" "isWindows" "isi686" "isiOS" "isx86" "isx86_32"
    "isx86_64" "useAndroidPrebuilt" "useiOSPrebuilt"
  ];
  elaborate = lib.systems.elaborate;
  of = platform: lib.concatMapStringsSep " " (name: "${name}=${lib.boolToString platform.${name}}") names;
in
[
  {
    options.lab = lib.genAttrs systems (system: lib.mkOption { default = of (elaborate system); }) // {
      named = lib.mkOption { default = map (system: (elaborate { inherit system; }).system) systems; };
      tuned = lib.mkOption {
        default = let it = elaborate { system = "aarch64-linux"; gcc.arch = "armv8-a"; }; in
          { inherit (it) system isLinux; inherit (it.gcc) arch; };
      };
      twice = lib.mkOption { default = (elaborate (elaborate "x86_64-linux")).isLinux; };
      text = lib.mkOption { default = elaborate "x86_64-linux" == "x86_64-linux"; };
    };
  }
]
