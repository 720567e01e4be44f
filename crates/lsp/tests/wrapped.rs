//! Services that functions of the repository make: places in the arguments of their calls.

mod support;

use serde_json::{Value, json};
use support::Editor;

const FLAKE: &str = r#"{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.Server = nixpkgs.lib.nixosSystem { modules = [ ./modules ]; };
  };
}"#;

const OPTIONS: &str = r#"{ lib, ... }: let inherit (lib) mkOption types; in {
  options.qgroget.serviceModules = mkOption {
    default = { };
    type = types.attrsOf (types.submodule {
      options = {
        enable = mkOption { type = types.bool; default = true; };
        port = mkOption { type = types.port; description = "Where it listens."; };
        type = mkOption { type = types.enum [ "public" "private" ]; default = "private"; };
        dependsOn = mkOption { type = types.listOf types.str; default = [ ]; };
        persistedData = mkOption { type = types.listOf types.str; default = [ ]; };
        healthCheck = mkOption {
          default = { };
          type = types.submodule {
            options.path = mkOption { type = types.str; default = "/"; description = "What is asked for."; };
          };
        };
      };
    });
  };
}"#;

/// The name comes first, the rest of the contract in a set that is passed on.
const SERVICE: &str = r#"name: arguments: { ... }: {
  qgroget.serviceModules.${name} = { enable = true; } // arguments;
}"#;

const KAVITA: &str = r#"{
  imports = [
    (import ../lib/service.nix "kavita" {
      port = 5000;
      type = "public";
      dependsOn = [ "postgresql" ];
      healthCheck.path = "/api";
    })
  ];
}"#;

/// A set of arguments, each of which has its place.
const PROGRAM: &str = r#"{ name, port, kind ? "private", needs ? [ ] }: {
  qgroget.serviceModules.${name} = { inherit port; type = kind; dependsOn = needs; };
}"#;

const KOMGA: &str = r#"let
  mkProgram = import ../lib/program.nix;
in {
  imports = [ (mkProgram { name = "komga"; port = 6000 + 1; kind = "public"; needs = [ "kavita" ]; }) ];
}"#;

/// A table.
const TABLE: &str = r#"{ lib, ... }: {
  qgroget.serviceModules = lib.mapAttrs (_: service: service // { persistedData = [ "/srv" ]; }) {
    postgresql = { port = 5432; };
    redis = { port = 6379; type = "private"; };
  };
}"#;

/// Nothing but values.
const SIMPLE: &str = r#"let
  mkSimple = name: port: { qgroget.serviceModules.${name} = { inherit port; }; };
in {
  imports = [ (mkSimple "wiki" 7000) (mkSimple "feeds" 7001) ];
}"#;

fn editor() -> Editor {
    let imports =
        "{ imports = [ ./options.nix ./kavita.nix ./komga.nix ./table.nix ./simple.nix ]; }";
    let files = [
        ("flake.nix", FLAKE),
        ("modules/default.nix", imports),
        ("modules/options.nix", OPTIONS),
        ("lib/service.nix", SERVICE),
        ("lib/program.nix", PROGRAM),
        ("modules/kavita.nix", KAVITA),
        ("modules/komga.nix", KOMGA),
        ("modules/table.nix", TABLE),
        ("modules/simple.nix", SIMPLE),
    ];
    let mut editor = Editor::new(&files);
    for (path, _) in files {
        editor.open(path);
    }
    editor
}

#[test]
fn hover() {
    let mut editor = editor();
    editor.settle();
    for (path, (_, findings)) in &editor.published {
        assert!(findings.is_empty(), "{path}: {findings:?}");
    }
    for (path, at, field, value) in [
        ("modules/kavita.nix", "po|rt = 5000", "port", "*Value:* `5000`"),
        ("modules/kavita.nix", "port = 50|00", "port", "*Value:* `5000`"),
        ("modules/kavita.nix", "ty|pe = ", "type", "*Value:* `\"public\"`"),
        ("modules/kavita.nix", "type = \"pub|lic\"", "type", "*Value:* `\"public\"`"),
        ("modules/kavita.nix", "depends|On", "dependsOn", "*Value:* `[ \"postgresql\" ]`"),
        ("modules/kavita.nix", "healthCheck.pa|th", "healthCheck.path", "What is asked for."),
        ("modules/kavita.nix", "\"/a|pi\"", "healthCheck.path", "What is asked for."),
        ("modules/komga.nix", "po|rt = ", "port", "*Value:* `6001`"),
        ("modules/komga.nix", "port = 60|00", "port", "*Value:* `6001`"),
        ("modules/komga.nix", "ki|nd", "type", "*Value:* `\"public\"`"),
        ("modules/komga.nix", "nee|ds", "dependsOn", "*Value:* `[ \"kavita\" ]`"),
        ("modules/table.nix", "po|rt = 5432", "port", "*Value:* `5432`"),
        ("modules/table.nix", "port = 63|79", "port", "*Value:* `6379`"),
        ("modules/simple.nix", "70|00", "port", "*Value:* `7000`"),
        ("modules/simple.nix", "70|01", "port", "*Value:* `7001`"),
        // Of many services: what it is, and no value.
        ("lib/program.nix", "type = ki|nd", "type", "*Type:* one of"),
    ] {
        let text = editor.hover(path, at);
        assert!(text.starts_with(&format!("**{field}**")), "{at}: {text}");
        assert!(text.contains(value), "{at}: {text}");
    }
    assert!(!editor.hover("lib/program.nix", "type = ki|nd").contains("*Value:*"));
    for (path, at, name) in [
        ("modules/kavita.nix", "\"kav|ita\"", "kavita"),
        ("modules/kavita.nix", "\"postg|resql\"", "postgresql"),
        ("modules/komga.nix", "name = \"kom|ga\"", "komga"),
        ("modules/komga.nix", "needs = [ \"kav|ita\"", "kavita"),
        ("modules/table.nix", "postg|resql = ", "postgresql"),
        ("modules/simple.nix", "\"wi|ki\"", "wiki"),
    ] {
        let text = editor.hover(path, at);
        assert!(text.starts_with(&format!("**{name}** · qgroget.serviceModules")), "{at}: {text}");
    }
    assert_eq!(editor.hover("modules/komga.nix", "mkPro|gram {"), "");
    // The default of a contract is no value of the one service that takes it.
    assert_eq!(editor.hover("modules/options.nix", "defa|ult = \"private\""), "");
}

/// What stands in an argument need not mean what its path says.
#[test]
fn names_that_mean_something_else() {
    let mut editor = editor();
    let text = r#"let
  fromCompose = { port, published, user, ... }: { port = published + 0 * port; persistedData = [ "/srv/${user}" ]; };
in {
  qgroget.serviceModules.mealie = fromCompose {
    port = 80;
    published = 9000;
    user = "mealie";
    dependsOn = [ "kavita" ];
  };
}"#;
    editor.edit("modules/simple.nix", SIMPLE, text);
    editor.settle();
    let path = "modules/simple.nix";
    assert!(editor.hover(path, "serviceModules.mea|lie").contains("| port | `9000` |"));
    // The port inside of the container, a user, and what is not used at all.
    for at in
        ["po|rt = 80;", "port = 8|0;", "user = \"mea|lie\"", "[ \"kav|ita\"", "depends|On = ["]
    {
        assert_eq!(editor.hover(path, at), "", "{at}");
    }
    let found = editor.at("textDocument/references", "modules/kavita.nix", "po|rt = 5000");
    let places = editor.places(&found);
    assert!(places.iter().any(|place| place.starts_with("modules/table.nix:")), "{places:?}");
    assert!(places.contains(&"modules/simple.nix:2: port".to_owned()), "{places:?}");
    assert!(!places.contains(&"modules/simple.nix:5: port".to_owned()), "{places:?}");
}

#[test]
fn completion() {
    let mut editor = editor();
    let others = ["feeds", "komga", "postgresql", "redis", "wiki"];
    for (path, at, expected) in [
        ("modules/kavita.nix", "port = 5000;|", &["persistedData", "enable"][..]),
        ("modules/kavita.nix", "type = \"|public\"", &["private", "public"]),
        ("modules/kavita.nix", "dependsOn = [ \"|postgresql\"", &others),
        ("modules/kavita.nix", "port = |5000", &["5001"]),
        ("modules/komga.nix", "kind = \"|public\"", &["private", "public"]),
        // In place of what stands there: what this function takes, whatever it makes of it.
        ("modules/komga.nix", "kind = \"public\"; |", &["needs"]),
        ("modules/table.nix", "type = \"|private\"", &["private", "public"]),
    ] {
        assert_eq!(editor.completions(path, at), expected, "{at}");
    }
    let services = editor.completions("modules/komga.nix", "needs = [ \"|kavita\"");
    assert_eq!(services, ["feeds", "kavita", "postgresql", "redis", "wiki"]);
    editor.edit("modules/komga.nix", "port = 6000 + 1; kind = \"public\";", "");
    assert_eq!(editor.completions("modules/komga.nix", "\"komga\"; |"), ["port", "kind"]);
    let half = "{ name = \"komga\"; ki needs";
    editor.edit("modules/komga.nix", "{ name = \"komga\";  needs", half);
    assert_eq!(editor.completions("modules/komga.nix", "ki| needs"), ["port", "kind"]);
    // One that stands in the same file, and one of which nothing is known.
    let text = r#"{ lib, ... }: let
  make = name: { port, title ? "x", ... }: { qgroget.serviceModules.${name} = { inherit port; }; };
in { imports = [ (make "wiki" { port = 7000; }) (lib.no.such { port = 1; }) ]; }"#;
    editor.edit("modules/simple.nix", SIMPLE, text);
    assert_eq!(editor.completions("modules/simple.nix", "port = 7000; |}"), ["title"]);
    assert_eq!(editor.completions("modules/simple.nix", "port = 1; |}"), [""; 0]);
    // While it does not parse.
    editor.settle();
    editor.edit("modules/kavita.nix", "type = \"public\";", "type = ");
    assert_eq!(editor.completions("modules/kavita.nix", "type = |"), ["\"private\"", "\"public\""]);
    editor.edit("modules/kavita.nix", "type = ", "persis");
    let names = editor.completions("modules/kavita.nix", "persis|");
    assert!(names.contains(&"persistedData".to_owned()) && names.contains(&"type".to_owned()));
}

#[test]
fn rename_and_definition() {
    let mut editor = editor();
    let mut renamed = |path: &str, at: &str| {
        let edit = editor.try_at("textDocument/rename", path, at, json!({ "newName": "other" }));
        editor.applied(&edit.unwrap())
    };
    for (path, at) in
        [("modules/kavita.nix", "\"kav|ita\""), ("modules/komga.nix", "needs = [ \"kav|ita\"")]
    {
        let texts = renamed(path, at);
        assert_eq!(texts.len(), 2, "{texts:?}");
        assert!(texts["modules/kavita.nix"].contains("service.nix \"other\" {"));
        assert!(texts["modules/komga.nix"].contains("needs = [ \"other\" ]"));
    }
    let texts = renamed("modules/komga.nix", "name = \"kom|ga\"");
    assert!(texts["modules/komga.nix"].contains("name = \"other\";"));
    let texts = renamed("modules/table.nix", "postg|resql = ");
    assert!(texts["modules/table.nix"].contains("other = { port = 5432; };"));
    assert!(texts["modules/kavita.nix"].contains("dependsOn = [ \"other\" ];"));
    let texts = renamed("modules/simple.nix", "\"wi|ki\"");
    assert!(texts["modules/simple.nix"].contains("(mkSimple \"other\" 7000)"));

    let found = editor.at("textDocument/definition", "modules/komga.nix", "needs = [ \"kav|ita\"");
    assert_eq!(editor.places(&found), ["modules/kavita.nix:3: kavita"]);
}

#[test]
fn lenses_stand_above_the_calls() {
    let mut editor = editor();
    let mut lenses = |path: &str| -> Vec<(Value, Value)> {
        let params = json!({ "textDocument": { "uri": editor.uri(path) } });
        let lenses = editor.request("textDocument/codeLens", params).unwrap();
        let one =
            |it: &Value| (it["range"]["start"]["line"].clone(), it["command"]["title"].clone());
        lenses.as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(lenses("lib/service.nix"), []);
    assert_eq!(lenses("modules/kavita.nix"), [(json!(2), json!("0 routes · 0 paths · used by 1"))]);
    assert_eq!(lenses("modules/simple.nix").len(), 2);
}
