//! How long an editor waits: from a change to its findings, and from the start to the first ones.
//!
//! `cargo bench --bench lsp` measures changes and actions in repositories of 200 and 2,000 services,
//! and the start of the program in the homelab; `cargo bench --bench lsp -- 500` another size.
//!
//! `cargo bench --bench lsp -- soak 10000` makes that many random edits in a repository of 200 services,
//! compares the findings with those of a fresh check again and again, and shows the memory that is held.
#![allow(clippy::print_stdout, reason = "a benchmark reports")]
#![allow(clippy::disallowed_methods, reason = "it writes the repositories that it measures")]

#[path = "../check/generate.rs"]
mod generate;
#[path = "../../crates/lsp/tests/support/mod.rs"]
mod support;

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Editor, usual};

// As in the program.
#[global_allocator]
static ALLOCATOR: nixpact_allocator::Allocator = nixpact_allocator::Allocator;

const EDITED: &str = "modules/server/arrs/archive/default.nix";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["soak", edits] => soak(number(edits)?),
        [] => {
            for services in [200, 2_000] {
                changes(services)?;
                actions(services)?;
            }
            starts()
        }
        sizes => sizes.iter().try_for_each(|services| {
            changes(number(services)?)?;
            actions(number(services)?)
        }),
    }
}

fn number(text: &str) -> io::Result<usize> {
    text.parse().map_err(|_| io::Error::other(format!("'{text}' is not a number")))
}

fn repository(services: usize) -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("edited-{services}"));
    if root.exists() {
        std::fs::remove_dir_all(&root)?;
    }
    generate::write(&root, services)?;
    Ok(root)
}

/// From `didChange` to the `publishDiagnostics` of that version.
fn changes(services: usize) -> io::Result<()> {
    let mut editor = Editor::beside(&repository(services)?, usual());
    editor.open(EDITED);
    editor.settle();
    let text = editor.text(EDITED).to_owned();
    let port = "port = 10000";
    assert!(text.contains(port), "the service has its port");
    // What people do: take a port that is taken, see it, type something that does not parse, go back.
    let edits = [
        text.replacen(port, "port = 10001", 1),
        text.replacen(port, "port = 10001;", 1),
        text.replacen(port, "port = 1000", 1),
        format!("# A comment\n{text}"),
        text.clone(),
    ];
    let rounds = if services > 1_000 { 60 } else { 200 };
    let mut times = Vec::new();
    for _ in 0..rounds {
        for next in &edits {
            let before = editor.text(EDITED).len();
            let begin = Instant::now();
            editor.edit_range(EDITED, 0..before, next);
            editor.wait_for(EDITED);
            times.push(begin.elapsed());
        }
    }
    report(&format!("{services} services, change to findings"), &mut times);
    Ok(())
}

/// From the question what can be done about a finding to the answer, for which its fix is tried.
fn actions(services: usize) -> io::Result<()> {
    let mut editor = Editor::beside(&repository(services)?, usual());
    editor.open(EDITED);
    editor.edit(EDITED, "port = 10000", "prot = 10000");
    let mut times = Vec::new();
    for round in 0..50 {
        // What was tried is known until the next change.
        editor.edit_range(EDITED, 0..0, if round % 2 == 0 { "\n" } else { " " });
        editor.settle();
        let begin = Instant::now();
        let actions = editor.actions(EDITED, "pro|t = 10000", Some("quickfix"));
        times.push(begin.elapsed());
        assert!(actions.iter().any(|(_, it)| it["isPreferred"] == true), "{actions:?}");
    }
    report(&format!("{services} services, what can be done about a finding"), &mut times);
    Ok(())
}

/// From the start of the program to the findings of the document that is opened first.
fn starts() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes/homelab");
    let mut times = Vec::new();
    for _ in 0..50 {
        let begin = Instant::now();
        start(&root)?;
        times.push(begin.elapsed());
    }
    report("homelab, start to first findings", &mut times);
    Ok(())
}

fn start(root: &Path) -> io::Result<()> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_nixpact"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let path = root.join("hosts/Server/settings.nix");
    let uri = |path: &Path| format!("file://{}", path.display());
    let folders = json!([{ "uri": uri(root), "name": "homelab" }]);
    let text = std::fs::read_to_string(&path)?;
    let document = json!({ "uri": uri(&path), "languageId": "nix", "version": 1, "text": text });
    let mut input = program.stdin.take().ok_or_else(|| io::Error::other("no input"))?;
    let initialize = json!({ "processId": null, "rootUri": null, "capabilities": {}, "workspaceFolders": folders });
    send(&mut input, json!({ "id": 1, "method": "initialize", "params": initialize }))?;
    send(&mut input, json!({ "method": "initialized", "params": {} }))?;
    let opened = json!({ "textDocument": document });
    send(&mut input, json!({ "method": "textDocument/didOpen", "params": opened }))?;
    let mut output =
        BufReader::new(program.stdout.take().ok_or_else(|| io::Error::other("no output"))?);
    while receive(&mut output)?["method"] != "textDocument/publishDiagnostics" {}
    program.kill()?;
    program.wait()?;
    Ok(())
}

fn send(out: &mut impl Write, mut message: Value) -> io::Result<()> {
    message["jsonrpc"] = json!("2.0");
    let text = message.to_string();
    write!(out, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    out.flush()
}

fn receive(from: &mut impl BufRead) -> io::Result<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the program has ended"));
        }
        if line.trim().is_empty() {
            break;
        }
        if let Some(given) = line.trim().strip_prefix("Content-Length: ") {
            length = number(given)?;
        }
    }
    let mut text = vec![0; length];
    from.read_exact(&mut text)?;
    serde_json::from_slice(&text).map_err(io::Error::other)
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| {
        let last = times.len().saturating_sub(1);
        times[(last as f64 * share).round() as usize].as_secs_f64() * 1000.0
    };
    println!(
        "{what}: median {:.2} ms, p99 {:.2} ms, most {:.2} ms ({} times)",
        at(0.5),
        at(0.99),
        at(1.0),
        times.len()
    );
}

fn soak(edits: usize) -> io::Result<()> {
    let paths = [
        EDITED,
        "modules/server/auth/atlas/default.nix",
        "modules/server/data/beacon/default.nix",
        "modules/server/downloads/bookmarks/default.nix",
        "modules/server/options.nix",
        "hosts/Server/settings.nix",
    ];
    let mut editor = Editor::beside(&repository(200)?, usual());
    let begin = Instant::now();
    let report = support::soak::soak(&mut editor, &paths, edits, 25);
    println!(
        "{} edits in {:.0} s; compared {} times, {} of them with a file that did not parse: all alike",
        report.edits,
        begin.elapsed().as_secs_f64(),
        report.compared,
        report.broken
    );
    println!(
        "memory after each tenth, in MB: {:?}",
        report.memory.iter().map(|it| it / 1024).collect::<Vec<_>>()
    );
    Ok(())
}
