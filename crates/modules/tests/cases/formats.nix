# The types of configuration files.
{ lib }:
with lib;
[
  ({ pkgs, ... }:
    let
      inherit (pkgs.formats) ini json yaml toml keyValue gitIni iniWithGlobalSection;
      all = {
        json = [ (json { }) { a = [ 1 { b = null; } ]; } { c = "x"; } ]; jsonMember = [ (json { }) { a = x: x; b = 1; } ]; jsonConflict = [ (json { }) { a = 1; } { a = 2; } ];
        jsonPriority = [ (json { }) { a = mkDefault 1; b.c = mkIf false 1; } { a = 2; } ]; jsonScalar = [ (json { }) true ];
        yaml = [ (yaml { }) { a.b = 1.5; } { a.c = [ ]; } ];
        toml = [ (toml { }) { a.b = 1; } ]; tomlNull = [ (toml { }) { a = null; b = 1; } ];
        ini = [ (ini { }) { main.a = 1; } { main.b = "x"; other.c = null; } ]; iniDeep = [ (ini { }) { main.a.b = 1; main.c = 1; } ]; iniFlat = [ (ini { }) { a = 1; } ]; iniList = [ (ini { }) { main.a = [ 1 ]; } ];
        iniConflict = [ (ini { }) { main.a = 1; } { main.a = 2; } ]; iniPriority = [ (ini { }) { main.a = mkDefault 1; } { main.a = 2; } ];
        duplicates = [ (ini { listsAsDuplicateKeys = true; }) { main.a = [ 1 2 ]; } ];
        keyValue = [ (keyValue { }) { a = true; b = 1; } ]; keyValueDeep = [ (keyValue { }) { a = { }; b = 1; } ];
        gitIni = [ (gitIni { }) { user.name = "x"; alias.a.b = 1; } ]; gitIniDeep = [ (gitIni { }) { a.b.c.d = 1; } ];
        global = [ (iniWithGlobalSection { }) { globalSection.a = 1; } { sections.b.c = 2; } ];
        globalWrong = [ (iniWithGlobalSection { }) { a = 1; } ]; globalDeep = [ (iniWithGlobalSection { }) { sections.a = 1; } ];
      };
    in
    {
      options.lab = mapAttrs (_: definitions: mkOption { inherit (head definitions) type; }) all // {
        default = mkOption { inherit (json { }) type; default = { a = 1; }; };
        apply = mkOption { inherit (ini { }) type; default.main.a = 1; apply = attrNames; };
        free = mkOption { type = types.submodule { freeformType = (json { }).type; options.port = mkOption { type = types.port; default = 80; }; }; };
        member = mkOption { type = types.attrsOf (types.submodule { options.settings = mkOption { inherit (yaml { }) type; default = { }; }; }); };
      };
      config.lab = mapAttrs (_: definitions: mkMerge (tail definitions)) all // {
        free = { name = "x"; nested.list = [ 1 ]; };
        member = { one = { }; two.settings.a.b = 1; };
      };
    })
]
