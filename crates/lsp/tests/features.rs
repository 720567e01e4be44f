//! What is known of the thing under the cursor, and what can be written there.

mod support;

use serde_json::{Value, json};
use support::Editor;

const SONARR: &str = "modules/server/arrs/sonarr/default.nix";
const JELLYFIN: &str = "modules/server/media/jellyfin/default.nix";
const IMMICH: &str = "modules/server/media/immich/default.nix";
const SETTINGS: &str = "hosts/Server/settings.nix";
const OPTIONS: &str = "modules/server/options.nix";
const COLLECTOR: &str = "modules/server/collector.nix";

fn homelab(open: &[&str]) -> Editor {
    let mut editor = Editor::of("homelab");
    for path in open {
        editor.open(path);
    }
    editor
}

#[test]
fn hover() {
    let mut editor = homelab(&[IMMICH, JELLYFIN, SETTINGS, OPTIONS]);
    let service = editor.hover(IMMICH, "serviceModules.imm|ich = {");
    assert!(
        service.contains("**immich** · qgroget.serviceModules · enabled on Server"),
        "{service}"
    );
    assert!(service.contains("| port | `2283` | [modules/server/media/immich/default.nix:"));
    assert!(service.contains("| domain | `\"example.org\"` | default |"), "{service}");
    assert_eq!(editor.hover(SETTINGS, "imm|ich.enable"), service);

    let field = editor.hover(IMMICH, "po|rt = 2283;");
    assert!(field.contains("*Type:* 16 bit unsigned integer"), "{field}");
    assert!(field.contains("TCP port the service listens on."), "{field}");
    assert!(field.contains("*Value:* `2283`"), "{field}");
    assert!(field.contains("No other service has this port."), "{field}");
    assert!(field.contains("*Next free:* `2284`"), "{field}");
    assert_eq!(editor.hover(IMMICH, "port = 22|83;"), field);
    let field = editor.hover(IMMICH, "ty|pe = \"public\";");
    assert!(
        field.contains("*Default:* `\"private\"`") && field.contains("Who may reach"),
        "{field}"
    );
    let nested = editor.hover(IMMICH, "inter|val = 60;");
    assert!(nested.contains("Seconds between two probes."), "{nested}");
    let nested = editor.hover(IMMICH, "na|me = cache;");
    assert!(nested.contains("No other service may use it."), "{nested}");
    let used = editor.hover(IMMICH, "toString cfg.po|rt;");
    assert!(used.contains("*Value:* `2283`"), "{used}");

    let middleware = editor.hover(IMMICH, "middlewares = [\"large-up|loads\"");
    assert!(middleware.contains("**large-uploads** · middleware"), "{middleware}");
    assert!(middleware.contains("maxRequestBodyBytes"), "{middleware}");
    assert!(middleware.contains("*Used by:* immich"), "{middleware}");
    let dependency = editor.hover(IMMICH, "dependsOn = [\"postgre|sql\"]");
    assert!(dependency.contains("**postgresql** · qgroget.serviceModules"), "{dependency}");
    assert_eq!(editor.hover(IMMICH, "isSys|temUser"), "");
    // Another one takes the port.
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    let field = editor.hover(IMMICH, "po|rt = 2283;");
    assert!(field.contains("Also of: jellyfin"), "{field}");
}

#[test]
fn unknown_values_say_why() {
    let mut editor = homelab(&[IMMICH]);
    editor.edit(IMMICH, "port = 2283;", "port = config.networking.x.y;");
    let service = editor.hover(IMMICH, "serviceModules.imm|ich = {");
    let row = service.lines().find(|line| line.starts_with("| port |")).unwrap();
    assert!(row.contains("unknown: "), "{row}");
}

#[test]
fn completion_of_names() {
    let mut editor = homelab(&[JELLYFIN, SETTINGS]);
    editor.edit(JELLYFIN, "healthCheck.path = \"/health\";", "");
    editor.edit(JELLYFIN, "exposed = true;", "exposed = true;\n        \n");
    let names = editor.completions(JELLYFIN, "exposed = true;\n        |\n");
    for set in ["port", "exposed", "description", "undeclared"] {
        assert!(!names.contains(&set.to_owned()), "{set}: {names:?}");
    }
    assert!(names.contains(&"dependsOn".to_owned()) && names.contains(&"healthCheck".to_owned()));
    // Half a word, without a semicolon, which does not parse.
    editor.edit(JELLYFIN, "exposed = true;\n        \n", "exposed = true;\n        heal\n");
    let list = editor.at("textDocument/completion", JELLYFIN, "true;\n        heal|\n");
    let items = list["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["label"] == "healthCheck").unwrap();
    assert_eq!(item["textEdit"]["newText"], "healthCheck = { $1 };");
    assert_eq!(editor.slice(JELLYFIN, &item["textEdit"]["range"]), "heal");
    assert!(item["documentation"]["value"].as_str().unwrap().contains("How Traefik finds out"));
    // Inside of nested sets, also of a list.
    editor.edit(JELLYFIN, "heal\n", "healthCheck = { path = \"/\"; };\n");
    let names = editor.completions(JELLYFIN, "healthCheck = { path = \"/\"; |};");
    assert_eq!(names, ["interval"]);
    editor.edit(
        JELLYFIN,
        "healthCheck = ",
        "databases = [ { type = \"redis\";  } { } ]; healthCheck = ",
    );
    let names = editor.completions(JELLYFIN, "type = \"redis\"; | } { }");
    assert_eq!(names, ["name", "user", "extensions"]);
    let names = editor.completions(JELLYFIN, "} { |}");
    assert_eq!(names, ["name", "type", "user", "extensions"]);
    // The services that the settings do not name.
    editor.edit(SETTINGS, "traefik.enable = true;", "tr");
    let names = editor.completions(SETTINGS, "\n    tr|\n");
    assert!(names.contains(&"traefik".to_owned()) && !names.contains(&"lldap".to_owned()));
}

#[test]
fn completion_under_a_condition() {
    let text = "{ config, lib, ... }: {
  config = lib.mkIf config.x (lib.mkMerge [
    { qgroget.serviceModules.new = lib.mkIf true { enable = true; po }; }
    { qgroget.serv = 1; }
  ]);
}";
    let mut editor = homelab(&[]);
    editor.open_with("modules/server/misc/new/default.nix", text);
    let names = editor.completions("modules/server/misc/new/default.nix", "po| }");
    assert_eq!(names[..3], ["backupDirectories", "persistedData", "port"]);
    let names = editor.completions("modules/server/misc/new/default.nix", "qgroget.serv|");
    assert_eq!(names, ["serviceModules"]);
}

#[test]
fn completion_of_values() {
    let mut editor = homelab(&[IMMICH]);
    let types = editor.completions(IMMICH, "type = \"pub|lic\"");
    assert_eq!(types, ["admin", "internal", "private", "public"]);
    let kinds = editor.completions(IMMICH, "type = \"postgre|sql\"");
    assert_eq!(kinds, ["postgresql", "redis"]);
    let names = editor.completions(IMMICH, "dependsOn = [\"post|gresql\"]");
    assert!(names.contains(&"postgresql".to_owned()) && !names.contains(&"immich".to_owned()));
    let names = editor.completions(IMMICH, "middlewares = [\"large-|uploads\"");
    assert!(
        names.contains(&"large-uploads".to_owned()) && names.contains(&"rate-limit".to_owned())
    );
    editor.edit(IMMICH, "dependsOn = [\"postgresql\"]", "dependsOn = [ ]");
    let names = editor.completions(IMMICH, "dependsOn = [ |]");
    assert!(names.contains(&"\"postgresql\"".to_owned()), "{names:?}");
    assert_eq!(editor.completions(IMMICH, "port = |2283"), ["2284"]);
    editor.edit(IMMICH, "exposed = true;", "exposed = ;");
    assert_eq!(editor.completions(IMMICH, "exposed = |;"), ["false", "true"]);
    let fields = editor.completions(IMMICH, "toString cfg.|port");
    assert!(fields.contains(&"backupPriority".to_owned()), "{fields:?}");
    let services = "config.qgroget.serviceModules.|immich";
    assert!(editor.completions(IMMICH, services).contains(&"jellyfin".to_owned()));
    let secrets = editor.completions(IMMICH, "config.sops.placeholder.\"server/|immich");
    assert!(secrets.contains(&"server/immich/db_password".to_owned()), "{secrets:?}");
}

#[test]
fn definition_and_references() {
    let mut editor = homelab(&[IMMICH, SETTINGS, OPTIONS, COLLECTOR]);
    let definition = |editor: &mut Editor, path: &str, at: &str| {
        let found = editor.at("textDocument/definition", path, at);
        editor.places(&found)
    };
    let found = definition(&mut editor, IMMICH, "dependsOn = [\"postgre|sql\"]");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("modules/server/data/postgresql/default.nix:"), "{found:?}");
    let found = definition(&mut editor, SETTINGS, "imm|ich.enable");
    assert!(found[0].starts_with("modules/server/media/immich/default.nix:"), "{found:?}");
    let found = definition(&mut editor, IMMICH, "po|rt = 2283");
    assert!(found[0].starts_with("modules/server/options.nix:"), "{found:?}");
    let found = definition(&mut editor, IMMICH, "\"rate-lim|it\"");
    assert!(found[0].starts_with("modules/server/collector.nix:"), "{found:?}");
    let found = definition(&mut editor, IMMICH, "../../lib/set-role|-password.nix");
    assert!(found[0].starts_with("modules/server/lib/set-role-password.nix:1"), "{found:?}");

    let found = editor.at("textDocument/references", SETTINGS, "imm|ich.enable");
    let places = editor.places(&found);
    assert!(places.iter().all(|place| place.ends_with(": immich")), "{places:?}");
    let files = |path: &str| places.iter().filter(|place| place.starts_with(path)).count();
    assert_eq!((files(IMMICH), files(SETTINGS)), (2, 1), "{places:?}");
    let found = editor.at("textDocument/references", IMMICH, "dependsOn = [\"postgre|sql\"]");
    let places = editor.places(&found);
    assert!(
        places.len() >= 4 && places.iter().all(|it| it.ends_with(": postgresql")),
        "{places:?}"
    );
    let found = editor.at("textDocument/documentHighlight", IMMICH, "serviceModules.imm|ich = {");
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
}

#[test]
fn rename() {
    let mut editor = homelab(&[IMMICH, SETTINGS]);
    let prepared = editor.at("textDocument/prepareRename", SETTINGS, "imm|ich.enable");
    assert_eq!(prepared["placeholder"], "immich");
    let edit = editor
        .try_at("textDocument/rename", SETTINGS, "imm|ich.enable", json!({ "newName": "photos" }))
        .unwrap();
    let texts = editor.applied(&edit);
    assert!(texts[SETTINGS].contains("photos.enable = true;"));
    assert!(texts[IMMICH].contains("serviceModules.photos = {"));
    assert!(texts[IMMICH].contains("cfg = config.qgroget.serviceModules.photos;"));
    // An option of the collector has the names of the services.
    assert!(texts[IMMICH].contains("databaseConfig = config.qgroget.databaseConfig.photos;"));
    let test = &texts["tests/immich/default.nix"];
    assert!(
        test.contains("photos.enable = true;") && test.contains("databaseConfig.photos.immich;")
    );
    // Not the role, the directory or the database of that name.
    assert!(texts[IMMICH].contains("user = \"immich\";"));
    // The program says of the result what it said before.
    for (path, text) in &texts {
        support::write(&editor.root().join(path), text);
    }
    let mut after = Editor::beside(editor.root(), support::usual());
    after.settle();
    let found: Vec<&Value> = after.published.values().flat_map(|(_, findings)| findings).collect();
    assert!(found.is_empty(), "{found:?}");

    let with = |editor: &mut Editor, at: &str, name: &str| {
        editor.try_at("textDocument/rename", IMMICH, at, json!({ "newName": name }))
    };
    let edit = with(&mut editor, "\"large-up|loads\"", "big").unwrap();
    let text = editor.applied(&edit).remove(IMMICH).unwrap();
    assert!(
        text.contains("middlewares = [\"big\" \"rate-limit\"]")
            && text.contains("middlewares.big.")
    );
    let edit = with(&mut editor, "cache = \"immich-|cache\"", "immich-redis").unwrap();
    let text = editor.applied(&edit).remove(IMMICH).unwrap();
    assert!(text.contains("cache = \"immich-redis\";"));
    let refused = with(&mut editor, "serviceModules.imm|ich = {", "jellyfin").unwrap_err();
    assert_eq!(refused.message, "'jellyfin' is there already");
    let refused = with(&mut editor, "serviceModules.imm|ich = {", "a; b").unwrap_err();
    assert!(refused.message.contains("is no name"));
    let refused = with(&mut editor, "po|rt = 2283", "prt").unwrap_err();
    assert!(refused.message.contains("only services"));
}

/// What the function makes besides the service is computed when the machine is built.
#[test]
fn a_service_that_a_function_reads_by_its_old_name_is_not_renamed() {
    let mut editor = homelab(&[SONARR]);
    for at in ["serviceModules.son|arr = sonarr", "cfg = config.qgroget.serviceModules.sona|rr"] {
        let name = json!({ "newName": "series" });
        let refused = editor.try_at("textDocument/rename", SONARR, at, name).unwrap_err();
        assert_eq!(
            refused.message,
            "the function that is called at modules/server/arrs/sonarr/default.nix:11 reads \
             qgroget.serviceModules.${…} by the old name"
        );
    }
}

#[test]
fn symbols_links_and_folding() {
    let mut editor = homelab(&[IMMICH, "modules/server/default.nix", COLLECTOR]);
    let document =
        |editor: &Editor, path: &str| json!({ "textDocument": { "uri": editor.uri(path) } });
    let params = document(&editor, IMMICH);
    let symbols = editor.request("textDocument/documentSymbol", params.clone()).unwrap();
    let names = |symbols: &Value| -> Vec<String> {
        let symbols = symbols.as_array().unwrap().iter();
        symbols.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    let top = names(&symbols);
    assert!(
        top.contains(&"cfg".to_owned()) && top.contains(&"config.qgroget".to_owned()),
        "{top:?}"
    );
    let at = top.iter().position(|name| name == "config.qgroget").unwrap();
    let inner = &symbols[at]["children"];
    assert_eq!(names(inner)[0], "serviceModules.immich");
    assert!(names(&inner[0]["children"]).contains(&"port".to_owned()));

    let found = editor.request("workspace/symbol", json!({ "query": "jellyf" })).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["containerName"], "qgroget.serviceModules");
    let found = editor.request("workspace/symbol", json!({ "query": "large-upl" })).unwrap();
    assert_eq!(found[0]["containerName"], "middlewares");

    let params_of_imports = document(&editor, "modules/server/default.nix");
    let links = editor.request("textDocument/documentLink", params_of_imports).unwrap();
    let links = links.as_array().unwrap();
    assert!(links.len() > 10);
    assert!(links.iter().any(|it| it["target"] == editor.uri(SONARR)), "{links:?}");

    let folds = editor.request("textDocument/foldingRange", params).unwrap();
    assert!(folds.as_array().unwrap().len() > 8, "{folds}");
    let params = document(&editor, COLLECTOR);
    let folds = editor.request("textDocument/foldingRange", params).unwrap();
    assert!(folds.as_array().unwrap().iter().any(|it| it["kind"] == "comment"), "{folds}");
}

#[test]
fn hints_and_lenses() {
    let mut editor = homelab(&[IMMICH]);
    let all =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } });
    let params = json!({ "textDocument": { "uri": editor.uri(IMMICH) }, "range": all });
    let hints = editor.request("textDocument/inlayHint", params.clone()).unwrap();
    assert_eq!(hints, json!([]));
    editor.edit(IMMICH, "port = 2283;", "port = 2000 + 283;");
    let hints = editor.request("textDocument/inlayHint", params).unwrap();
    assert_eq!(hints[0]["label"], "= 2283");
    let lenses = json!({ "textDocument": { "uri": editor.uri(IMMICH) } });
    let lenses = editor.request("textDocument/codeLens", lenses).unwrap();
    assert_eq!(lenses[0]["command"]["title"], "1 route · 1 path · 2 databases · used by 0");
    editor.open("modules/server/data/postgresql/default.nix");
    let uri = editor.uri("modules/server/data/postgresql/default.nix");
    let lenses = json!({ "textDocument": { "uri": uri } });
    let lenses = editor.request("textDocument/codeLens", lenses).unwrap();
    let title = lenses[0]["command"]["title"].as_str().unwrap();
    assert!(title.contains("used by ") && !title.contains("used by 0"), "{title}");
}
