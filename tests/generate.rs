//! The completions and manual pages, as the shells and groff read them.
#![allow(clippy::disallowed_methods, reason = "a test runs the program and its readers")]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn nixpact(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nixpact")).args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = nixpact(arguments);
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What `program` says of a text on its standard input; `None` where it is not installed.
fn said_by(program: &str, arguments: &[&str], text: &str) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program}: {said}");
    Some(said)
}

const COMMANDS: &[&str] =
    &["check", "services", "config", "eval", "commit-msg", "explain", "lints", "man"];

#[test]
fn each_shell_reads_its_completions() {
    for (shell, arguments) in
        [("bash", ["-n", "-s"]), ("zsh", ["-n", "-s"]), ("fish", ["-n", "/dev/stdin"])]
    {
        let script = printed(&["completions", shell]);
        for part in COMMANDS.iter().chain(&["deny-warnings", "sarif"]) {
            assert!(script.contains(part), "{shell}: {part}");
        }
        if let Some(said) = said_by(shell, &arguments, &script) {
            assert_eq!(said, "", "{shell}");
        }
    }
    for shell in ["elvish", "powershell"] {
        assert!(printed(&["completions", shell]).contains("deny-warnings"));
    }
}

#[test]
fn bash_completes_a_format() {
    let script = printed(&["completions", "bash"]);
    let question = "COMP_WORDS=(nixpact check --format sa); COMP_CWORD=3; COMPREPLY=()\n\
                    _nixpact nixpact sa --format; [ \"${COMPREPLY[*]}\" = sarif ]\n";
    said_by("bash", &["-s"], &format!("{script}\n{question}"));
}

#[test]
fn manual_pages_are_roff_without_a_warning() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH nixpact 1") && page.contains("deny\\-warnings"), "{page}");
    for command in COMMANDS {
        let page = printed(&["man", command]);
        assert!(page.contains(&format!(".TH nixpact-{command} 1")), "{page}");
        if let Some(said) = said_by("groff", &["-man", "-ww", "-Tutf8", "-k"], &page) {
            assert_eq!(said, "", "{command}");
        }
    }
}

#[test]
fn an_unknown_command_or_shell_is_refused() {
    let output = nixpact(&["man", "chek"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
    assert!(said.contains("did you mean 'check'?"), "{said}");
    assert_eq!(nixpact(&["completions", "ksh"]).status.code(), Some(2));
}
