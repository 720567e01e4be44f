//! The command of a code lens, for each kind of client.

mod support;

use serde_json::{Value, json};
use support::{Editor, copy, usual};

const POSTGRESQL: &str = "modules/server/data/postgresql/default.nix";
const IMMICH: &str = "modules/server/media/immich/default.nix";

fn editor(more: &Value) -> Editor {
    let mut capabilities = usual();
    for (key, value) in more.as_object().unwrap() {
        capabilities[key] = value.clone();
    }
    let mut editor = Editor::within(copy("homelab"), capabilities);
    editor.open(POSTGRESQL);
    editor
}

fn lens(editor: &mut Editor, path: &str) -> Value {
    let params = json!({ "textDocument": { "uri": editor.uri(path) } });
    editor.request("textDocument/codeLens", params).unwrap()[0].clone()
}

#[test]
fn a_client_that_shows_nothing() {
    let mut editor = editor(&json!({}));
    let lens = lens(&mut editor, POSTGRESQL);
    assert!(lens["command"]["title"].as_str().unwrap().contains("used by "));
    assert_eq!(lens["command"]["command"], "");
    assert_eq!(editor.request("codeLens/resolve", lens.clone()).unwrap(), lens);
    editor.end().unwrap();
}

#[test]
fn a_client_with_a_command_for_references() {
    let commands = json!({ "commands": { "commands": ["editor.action.showReferences"] } });
    let mut editor = editor(&json!({ "experimental": commands }));
    let lens = lens(&mut editor, POSTGRESQL);
    assert_eq!(lens["command"], json!(null));
    let lens = editor.request("codeLens/resolve", lens).unwrap();
    assert_eq!(lens["command"]["command"], "editor.action.showReferences");
    let arguments = &lens["command"]["arguments"];
    assert_eq!(arguments[0], editor.uri(POSTGRESQL));
    assert_eq!(arguments[1], lens["range"]["start"]);
    let places = editor.places(&arguments[2]);
    assert!(places.len() > 2 && places.iter().all(|it| it.ends_with(": postgresql")), "{places:?}");
    assert!(places.iter().any(|place| place.starts_with(IMMICH)), "{places:?}");
    editor.end().unwrap();
}

#[test]
fn a_client_that_opens_documents() {
    let window = json!({ "showDocument": { "support": true } });
    let mut editor = editor(&json!({ "window": window }));
    let command = lens(&mut editor, POSTGRESQL)["command"].clone();
    let known = &editor.initialized["capabilities"]["executeCommandProvider"]["commands"];
    assert_eq!(known, &json!([command["command"]]));
    // Nothing is chosen.
    editor.request("workspace/executeCommand", command.clone()).unwrap();
    editor.settle();
    let actions = editor.asked_with["window/showMessageRequest"]["actions"].clone();
    let titles: Vec<&str> =
        actions.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert!(!editor.asked.contains(&"window/showDocument".to_owned()));
    let title = titles.iter().find(|title| title.starts_with(IMMICH)).unwrap();
    editor.choice = Some((*title).to_owned());
    editor.request("workspace/executeCommand", command).unwrap();
    // The answer of the client is a message of its own.
    while !editor.asked.contains(&"window/showDocument".to_owned()) {
        editor.settle();
    }
    let shown = editor.asked_with["window/showDocument"].clone();
    assert_eq!(shown["uri"], editor.uri(IMMICH));
    assert_eq!(editor.slice(IMMICH, &shown["selection"]), "postgresql");

    let command = json!({ "command": "no.such.command" });
    assert_eq!(editor.request("workspace/executeCommand", command).unwrap_err().code, -32602);
    editor.end().unwrap();
}
