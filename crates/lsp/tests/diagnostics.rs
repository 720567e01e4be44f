//! Findings while texts change.
#![allow(clippy::disallowed_methods, reason = "the tests write repositories")]

mod support;

use serde_json::{Value, json};
use support::{Editor, usual, write};

const SONARR: &str = "modules/server/arrs/sonarr/default.nix";
const JELLYFIN: &str = "modules/server/media/jellyfin/default.nix";
const SETTINGS: &str = "hosts/Server/settings.nix";
const OPTIONS: &str = "modules/server/options.nix";

#[test]
fn a_change_in_one_file_reaches_the_others() {
    let mut editor = Editor::of("homelab");
    for path in [JELLYFIN, OPTIONS] {
        editor.open(path);
        assert_eq!(editor.lints(path), [""; 0]);
    }
    // The schema forbids what a service says.
    editor.edit(OPTIONS, "types.enum [\"public\" \"private\"", "types.enum [\"open\" \"private\"");
    assert_eq!(editor.lints(JELLYFIN), ["wrong-field-type"]);
    editor.edit(OPTIONS, "types.enum [\"open\" \"private\"", "types.enum [\"public\" \"private\"");
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
}

#[test]
fn a_freed_port_ends_the_conflict_in_the_other_file() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.open("modules/server/media/immich/default.nix");
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    let found = editor.lints(JELLYFIN);
    assert_eq!(found, ["duplicate-port"]);
    let finding = editor.published[JELLYFIN].1[0].clone();
    assert_eq!(finding["source"], "nixpact");
    assert_eq!(finding["severity"], 1);
    assert!(finding["message"].as_str().unwrap().starts_with("Port 2283 conflict between"));
    let page = finding["codeDescription"]["href"].as_str().unwrap();
    assert!(page.ends_with("lints/network/duplicate_port.md"), "{page}");
    let related = &finding["relatedInformation"][0];
    let other = related["location"]["uri"].as_str().unwrap();
    assert!(other.ends_with("immich/default.nix"), "{other}");
    assert_eq!(editor.slice(JELLYFIN, &finding["range"]), "2283");
    assert_eq!(editor.published[JELLYFIN].0, Some(2));
    // Freed in the other file.
    editor.edit("modules/server/media/immich/default.nix", "port = 2283", "port = 2284");
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
}

#[test]
fn files_that_are_not_open_are_reported_too() {
    let mut editor = Editor::of("homelab-broken");
    editor.settle();
    assert!(editor.published.len() > 3, "{:?}", editor.published.keys());
    let lints: Vec<&Value> =
        editor.published.values().flat_map(|(_, it)| it).map(|it| &it["code"]).collect();
    assert!(lints.contains(&&json!("duplicate-port")), "{lints:?}");
    assert!(editor.asked.contains(&"client/registerCapability".to_owned()));
    assert!(editor.asked.contains(&"window/workDoneProgress/create".to_owned()));
}

#[test]
fn an_error_in_mid_typing_keeps_what_is_known() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.open(SETTINGS);
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    // The port stays what it was while another line is being written.
    editor.edit(JELLYFIN, "exposed = true;", "exposed = ");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port", "syntax-error"]);
    let finding = editor.published[JELLYFIN].1[0].clone();
    assert_eq!(editor.slice(JELLYFIN, &finding["range"]), "2283");
    let rest: Vec<_> = editor.published.iter().filter(|(path, _)| *path != JELLYFIN).collect();
    assert!(rest.iter().all(|(_, (_, findings))| findings.is_empty()), "{rest:?}");
    // What stands behind the error moves with it.
    editor.edit(JELLYFIN, "description = ", "\n\n  description = ");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port", "syntax-error"]);
    let finding = editor.published[JELLYFIN].1[0].clone();
    assert_eq!(editor.slice(JELLYFIN, &finding["range"]), "2283");
    editor.edit(JELLYFIN, "exposed = ", "exposed = true;");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    // A file on which others depend does not take their findings along.
    editor.edit(SETTINGS, "{lib, ...}: {", "{lib, ...}: {{");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    assert_eq!(editor.lints(SETTINGS), ["syntax-error"]);
}

#[test]
fn a_text_that_is_broken_from_the_start() {
    let mut editor = Editor::of("homelab");
    let text = std::fs::read_to_string(editor.root().join(OPTIONS)).unwrap();
    editor.open_with(OPTIONS, &text.replacen("mkOption {", "mkOption {{", 1));
    assert_eq!(editor.lints(OPTIONS), ["syntax-error"]);
    // The services have their contract, as it is on the disk.
    let rest: Vec<_> = editor.published.iter().filter(|(path, _)| *path != OPTIONS).collect();
    assert!(rest.iter().all(|(_, (_, findings))| findings.is_empty()), "{rest:?}");
}

#[test]
fn the_disk_counts_again_when_a_document_is_closed() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    editor.close(JELLYFIN);
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
}

#[test]
fn files_that_change_come_and_go_on_the_disk() {
    let mut editor = Editor::of("homelab");
    editor.settle();
    let file = editor.root().join(JELLYFIN);
    let text = std::fs::read_to_string(&file).unwrap();
    write(&file, &text.replace("port = 8096", "port = 2283"));
    editor.changed_on_disk(JELLYFIN);
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    write(&file, &text);
    editor.changed_on_disk(JELLYFIN);
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
    write(&editor.root().join("modules/new.nix"), "{ a = 1; a = 2; }");
    editor.changed_on_disk("modules/new.nix");
    assert_eq!(editor.lints("modules/new.nix"), ["duplicate-attribute"]);
    std::fs::remove_file(editor.root().join("modules/new.nix")).unwrap();
    editor.changed_on_disk("modules/new.nix");
    assert_eq!(editor.lints("modules/new.nix"), [""; 0]);
    // One that is only in the editor.
    editor.open_with("modules/unsaved.nix", "{ a = 1; a = 2; }");
    assert_eq!(editor.lints("modules/unsaved.nix"), ["duplicate-attribute"]);
    editor.close("modules/unsaved.nix");
    assert_eq!(editor.lints("modules/unsaved.nix"), [""; 0]);
}

#[test]
fn the_configuration_is_read_again() {
    let mut editor = Editor::of("homelab");
    editor.open(JELLYFIN);
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    let config = editor.root().join("nixpact.toml");
    write(&config, "[lints]\nduplicate-port = \"warn\"\n");
    editor.changed_on_disk("nixpact.toml");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    assert_eq!(editor.published[JELLYFIN].1[0]["severity"], 2);
    // One that is wrong is told, and what is known stays.
    write(&config, "[lints]\nduplicate-prt = \"warn\"\n");
    editor.changed_on_disk("nixpact.toml");
    assert_eq!(editor.lints(JELLYFIN), ["duplicate-port"]);
    let found = editor.published["nixpact.toml"].1[0].clone();
    assert!(found["message"].as_str().unwrap().contains("did you mean 'duplicate-port'?"));
    assert_eq!(found["range"]["start"]["line"], 1);
    assert_eq!(editor.shown.iter().filter(|it| it.contains("duplicate-prt")).count(), 1);
    write(&config, "[lints]\nduplicate-port = \"allow\"\n");
    editor.changed_on_disk("nixpact.toml");
    assert_eq!(editor.lints(JELLYFIN), [""; 0]);
    assert_eq!(editor.published["nixpact.toml"].1, [Value::Null; 0]);
}

#[test]
fn a_client_that_asks_is_not_sent_any() {
    let mut capabilities = usual();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    let mut editor = Editor::within(support::copy("homelab"), capabilities);
    assert_eq!(
        editor.initialized["capabilities"]["diagnosticProvider"]["interFileDependencies"],
        true
    );
    editor.open(JELLYFIN);
    editor.open("modules/server/media/immich/default.nix");
    editor.edit(JELLYFIN, "port = 8096", "port = 2283");
    let params = json!({ "textDocument": { "uri": editor.uri(JELLYFIN) } });
    let report = editor.request("textDocument/diagnostic", params.clone()).unwrap();
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "duplicate-port");
    let asked = json!({ "previousResultIds": [{ "uri": editor.uri(SETTINGS), "value": "" }] });
    let report = editor.request("workspace/diagnostic", asked).unwrap();
    let found = |path: &str| {
        let items = report["items"].as_array().unwrap();
        let item = items.iter().find(|it| it["uri"] == editor.uri(path)).unwrap();
        item["items"].as_array().unwrap().len()
    };
    assert_eq!((found(JELLYFIN), found(SETTINGS)), (1, 0));
    editor.edit("modules/server/media/immich/default.nix", "port = 2283", "port = 2284");
    let report = editor.request("textDocument/diagnostic", params).unwrap();
    assert_eq!(report["items"], json!([]));
    assert!(
        editor.asked.contains(&"workspace/diagnostic/refresh".to_owned()),
        "{:?}",
        editor.asked
    );
    assert!(editor.published.is_empty());
}

#[test]
fn positions_are_in_the_units_that_were_agreed() {
    let text = "{ \"🎬ü\" = 1; b = 1; b = 2; }";
    let at = text.find("b = 2").unwrap();
    let units = text[..at].encode_utf16().count();
    for (offered, encoding, column) in
        [(json!(null), "utf-16", units), (json!(["utf-16", "utf-8"]), "utf-8", at)]
    {
        let mut capabilities = usual();
        capabilities["general"] = json!({ "positionEncodings": offered });
        let directory = tempfile::tempdir().unwrap();
        write(&directory.path().join("flake.nix"), "{ }");
        write(&directory.path().join("a.nix"), text);
        let mut editor = Editor::within(directory, capabilities);
        assert_eq!(editor.initialized["capabilities"]["positionEncoding"], encoding);
        assert_eq!(editor.lints("a.nix"), ["duplicate-attribute"]);
        let range = &editor.published["a.nix"].1[0]["range"];
        assert_eq!(range["start"], json!({ "line": 0, "character": column }));
    }
}

#[test]
fn a_carriage_return_alone_ends_a_line() {
    let text = "{\r  # ü\r  b = 1;\r\n  b = 2;\r}\r";
    let mut editor = Editor::new(&[("flake.nix", "{ }"), ("a.nix", text)]);
    editor.open("a.nix");
    assert_eq!(editor.lints("a.nix"), ["duplicate-attribute"]);
    let finding = &editor.published["a.nix"].1[0];
    assert_eq!(finding["range"]["start"], json!({ "line": 3, "character": 2 }));
    let other = &finding["relatedInformation"][0]["location"];
    assert_eq!(other["range"]["start"], json!({ "line": 2, "character": 2 }));
    // A change is where the client means it.
    let start = json!({ "line": 3, "character": 2 });
    let end = json!({ "line": 3, "character": 3 });
    let changes = json!([{ "range": { "start": start, "end": end }, "text": "c" }]);
    let document = json!({ "uri": editor.uri("a.nix"), "version": 2 });
    let change = json!({ "textDocument": document, "contentChanges": changes });
    editor.notify("textDocument/didChange", change);
    assert_eq!(editor.lints("a.nix"), [""; 0]);
    let params = json!({ "textDocument": { "uri": editor.uri("a.nix") } });
    let folds = editor.request("textDocument/foldingRange", params).unwrap();
    assert_eq!(folds, json!([{ "startLine": 0, "endLine": 3 }]));
}

#[test]
fn one_file_by_two_names() {
    let mut editor = Editor::new(&[("flake.nix", "{ }"), ("a.nix", "{ }")]);
    let open = |editor: &Editor, uri: &str, text: &str| {
        let item = json!({ "uri": uri, "languageId": "nix", "version": 1, "text": text });
        editor.notify("textDocument/didOpen", json!({ "textDocument": item }));
    };
    let close = |editor: &Editor, uri: &str| {
        editor.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    };
    let plain = editor.uri("a.nix");
    let encoded = plain.replace("a.nix", "%61.nix");
    let counts = |editor: &mut Editor| {
        editor.settle();
        ["a.nix", "%61.nix"].map(|path| editor.published.get(path).map_or(0, |it| it.1.len()))
    };
    open(&editor, &encoded, "{ a = 1; a = 2; }");
    assert_eq!(counts(&mut editor), [0, 1]);
    // By its other name it is still open.
    open(&editor, &plain, "{ b = 1; b = 2; c = 1; c = 2; }");
    editor.settle();
    close(&editor, &encoded);
    assert_eq!(counts(&mut editor), [2, 0]);
    open(&editor, &encoded, "{ a = 1; a = 2; }");
    editor.settle();
    close(&editor, &plain);
    assert_eq!(counts(&mut editor), [0, 1]);
    close(&editor, &encoded);
    assert_eq!(counts(&mut editor), [0, 0]);
}

#[test]
fn unused_suppressions_are_unnecessary() {
    let mut editor = Editor::of("homelab");
    editor.open(SONARR);
    editor.edit(SONARR, "{", "# nixpact: allow(duplicate-port) -- none\n{");
    assert_eq!(editor.lints(SONARR), ["unused-suppression"]);
    assert_eq!(editor.published[SONARR].1[0]["tags"], json!([1]));
}
