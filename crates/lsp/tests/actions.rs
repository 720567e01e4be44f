//! What can be done about findings.

mod support;

use serde_json::json;
use support::{Editor, copy, usual};

const JELLYFIN: &str = "modules/server/media/jellyfin/default.nix";
const IMMICH: &str = "modules/server/media/immich/default.nix";
const SETTINGS: &str = "hosts/Server/settings.nix";

fn titles(actions: &[(String, serde_json::Value)]) -> Vec<&str> {
    actions.iter().map(|(title, _)| title.as_str()).collect()
}

#[test]
fn the_next_free_port() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    let actions = editor.actions(JELLYFIN, "port = 22|83", Some("quickfix"));
    assert_eq!(
        titles(&actions),
        ["Take the next free port: 2284", "Keep it, with a reason: allow(duplicate-port)"]
    );
    assert_eq!(actions[0].1["isPreferred"], true);
    assert_eq!(actions[0].1["diagnostics"][0]["code"], "duplicate-port");
    editor.apply(JELLYFIN, "port = 22|83", "Take the next free port: 2284");
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
    // Also where nothing is wrong.
    let actions = editor.actions(JELLYFIN, "po|rt = 2284", Some("refactor"));
    assert_eq!(titles(&actions), ["Take the next free port: 2285"]);
}

#[test]
fn a_finding_is_kept_with_a_reason() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    let title = "Keep it, with a reason: allow(duplicate-port)";
    editor.apply(JELLYFIN, "port = 22|83", title);
    assert!(editor.text(JELLYFIN).contains("# nixpact: allow(duplicate-port) -- say why"));
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
}

#[test]
fn a_missing_dependency_is_enabled() {
    let mut editor = Editor::of("homelab");
    editor.open(IMMICH);
    editor.open(SETTINGS);
    editor.edit(SETTINGS, "postgresql.enable = true;", "postgresql.enable = false;");
    assert!(editor.lints(IMMICH).contains(&"disabled-dependency".to_owned()));
    editor.apply(IMMICH, "dependsOn = [\"postgre|sql\"]", "Enable 'postgresql'");
    assert!(editor.text(SETTINGS).contains("postgresql.enable = true;"));
    assert_eq!(editor.lints(IMMICH), [""; 0]);
    // Nothing says so in the settings, only the default of its module.
    editor.edit(SETTINGS, "    postgresql.enable = true;\n", "");
    assert!(editor.lints(IMMICH).contains(&"disabled-dependency".to_owned()));
    editor.apply(IMMICH, "dependsOn = [\"postgre|sql\"]", "Enable 'postgresql'");
    assert_eq!(editor.lints(IMMICH), [""; 0]);
}

#[test]
fn missing_fields_are_added() {
    let mut editor = Editor::of("homelab");
    editor.open(IMMICH);
    editor.edit(IMMICH, "port = 2283;", "");
    let backup = "backupDirectories = [uploadDir \"${dataDir}/profile\"];";
    editor.edit(IMMICH, backup, "");
    assert_eq!(editor.lints(IMMICH), ["missing-required-field"; 2]);
    let title = "Add the 2 missing fields of 'immich'";
    editor.apply(IMMICH, "serviceModules.imm|ich = {", title);
    let text = editor.text(IMMICH).to_owned();
    assert!(text.contains("port = ") && text.contains("backupDirectories = "), "{text}");
    let left = editor.lints(IMMICH);
    assert!(!left.contains(&"missing-required-field".to_owned()), "{left:?}");
}

#[test]
fn one_missing_field_is_added() {
    let mut editor = Editor::of("homelab");
    editor.open(IMMICH);
    editor.edit(IMMICH, "port = 2283;", "");
    let actions = editor.actions(IMMICH, "serviceModules.imm|ich = {", Some("quickfix"));
    assert_eq!(
        titles(&actions),
        [
            "Add the missing field of 'immich'",
            "Keep it, with a reason: allow(missing-required-field)"
        ]
    );
    // Only the author knows the value.
    assert_eq!(actions[0].1["isPreferred"], json!(null));
    editor.apply(IMMICH, "serviceModules.imm|ich = {", "Add the missing field of 'immich'");
    assert_eq!(editor.lints(IMMICH), [""; 0]);
}

#[test]
fn a_repair_is_offered_for_what_comes_of_it() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    let renamed = |old: &str, new: &str| format!("Replace `{old}` by `{new}`");
    // It does what it is to do.
    editor.edit(JELLYFIN, "port = 8096;", "prot = 8096;");
    let actions = editor.actions(JELLYFIN, "pr|ot = 8096;", Some("quickfix"));
    assert_eq!(titles(&actions)[0], renamed("prot", "port"));
    assert_eq!(actions[0].1["isPreferred"], true);
    // It is a step, behind which there is more to do.
    editor.edit(JELLYFIN, "prot = 8096;", "prot = 2283;");
    let actions = editor.actions(JELLYFIN, "pr|ot = 2283;", Some("quickfix"));
    assert_eq!(titles(&actions)[0], renamed("prot", "port") + " (leads to duplicate-port)");
    assert_eq!(actions[0].1["isPreferred"], json!(null));
    // Nix would refuse the attribute that is there twice.
    editor.edit(JELLYFIN, "prot = 2283;", "port = 8096; prot = 2283;");
    let actions = editor.actions(JELLYFIN, "pr|ot = 2283;", Some("quickfix"));
    assert_eq!(titles(&actions), ["Keep it, with a reason: allow(unknown-field)"]);
    // While the file does not parse, nobody can tell.
    editor.edit(JELLYFIN, "port = 8096; prot = 2283;", "prot = 8096;");
    editor.settle();
    editor.edit(JELLYFIN, "exposed = true;", "exposed = ;");
    let actions = editor.actions(JELLYFIN, "pr|ot = 8096;", Some("quickfix"));
    assert_eq!(titles(&actions)[0], renamed("prot", "port"));
    assert_eq!(actions[0].1["isPreferred"], json!(null));
}

#[test]
fn many_repairs_at_once_are_answered_soon() {
    let broken: Vec<String> = (0..40).map(|at| format!("x{at} = y{at};")).collect();
    let fixed = "  # nixpact: allow(duplicate-port) -- none\n".repeat(40);
    let text = format!("{{\n{fixed}  {}\n}}\n", broken.join("\n  "));
    let mut editor = Editor::new(&[("flake.nix", "{ }"), ("a.nix", &text)]);
    editor.open("a.nix");
    let range =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let params = json!({
        "textDocument": { "uri": editor.uri("a.nix") },
        "range": range,
        "context": { "diagnostics": [], "only": ["quickfix"] },
    });
    let actions = editor.request("textDocument/codeAction", params).unwrap();
    let actions = actions.as_array().unwrap();
    let preferred = actions.iter().filter(|action| action["isPreferred"] == true).count();
    let repairs = actions.iter().filter(|it| it["title"].as_str().unwrap().starts_with("Remove"));
    assert_eq!((repairs.count(), preferred), (40, 8));
}

#[test]
fn all_safe_fixes_of_a_file() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.edit(JELLYFIN, "port = 8096;", "port = 8096; # nixpact: allow(duplicate-port) -- none");
    assert_eq!(editor.lints(JELLYFIN), ["unused-suppression"]);
    let title = "Fix all that is safe to fix in this file";
    let actions = editor.actions(JELLYFIN, "port = 80|96", Some("source.fixAll"));
    assert_eq!(titles(&actions), [title]);
    let texts = editor.applied(&actions[0].1["edit"]);
    assert!(texts[JELLYFIN].contains("port = 8096;\n"));
    // Nobody asks for it: then it is not made.
    assert!(!titles(&editor.actions(JELLYFIN, "port = 80|96", None)).contains(&title));
}

#[test]
fn a_client_that_takes_actions_later() {
    let mut capabilities = usual();
    capabilities["textDocument"]["codeAction"] =
        json!({ "resolveSupport": { "properties": ["edit"] } });
    let mut editor = Editor::within(copy("homelab"), capabilities);
    editor.open(JELLYFIN);
    editor.edit(JELLYFIN, "port = 8096;", "port = 8096; # nixpact: allow(duplicate-port) -- none");
    let actions = editor.actions(JELLYFIN, "port = 80|96", Some("source"));
    assert_eq!(actions[0].1["edit"], json!(null));
    let action = editor.request("codeAction/resolve", actions[0].1.clone()).unwrap();
    let texts = editor.applied(&action["edit"]);
    assert!(texts[JELLYFIN].contains("port = 8096;\n"));
}

#[test]
fn every_fix_is_offered() {
    let mut editor = Editor::of("homelab-broken");
    editor.settle();
    let mut offered = 0;
    for (path, (_, findings)) in editor.published.clone() {
        editor.open(&path);
        for finding in findings {
            let context = json!({ "diagnostics": [finding], "only": ["quickfix"] });
            let params = json!({
                "textDocument": { "uri": editor.uri(&path) },
                "range": finding["range"],
                "context": context,
            });
            let actions = editor.request("textDocument/codeAction", params).unwrap();
            let keeps = |title: &str| title.starts_with("Keep it");
            let titles = actions.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap());
            offered += titles.filter(|title| !keeps(title)).count();
        }
    }
    assert!(offered >= 5, "{offered}");
}
