//! Runs Nix's own tests of its language, where `NIXPACT_NIX_TESTS` names the folder that holds
//! `eval-okay-*.nix` and `.exp` (`tests/functional/lang` of NixOS/nix). Without it nothing is run.
//!
//! A value may be unknown to nixpact, but never another one than Nix has.

use std::fmt::Write;
use std::path::Path;

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, STACK_BYTES, Stop, print};
use nixpact_source::{FileId, Sources};

enum Outcome {
    Value(String),
    Error(String),
    Unknown(String),
}

fn read_all(root: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            read_all(&path, &format!("{name}/"), files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.push((name, text));
        }
    }
}

fn evaluate(files: Vec<(String, String)>, name: String) -> Outcome {
    let run = move || {
        let sources = Sources::from_memory(files);
        let asts: Vec<_> = (0u32..)
            .zip(sources.files())
            .map(|(id, file)| match file.path.ends_with(".nix") {
                true => nixpact_syntax::parse(FileId(id), &file.text),
                false => nixpact_syntax::parse(FileId(id), "null"),
            })
            .collect();
        let arena = Bump::new();
        let evaluator = Evaluator::new(&arena, &sources, &asts, &[], Limits::default());
        match print(&evaluator, evaluator.file(sources.id(&name).unwrap())) {
            Ok(text) if text.contains("«unknown") || text.contains("«repository»") => {
                Outcome::Unknown(text)
            }
            Ok(text) => Outcome::Value(text),
            Err(Stop::Error(error)) => Outcome::Error(error.message.to_owned()),
            Err(Stop::Unknown(unknown)) => Outcome::Unknown(unknown.reason.to_string()),
        }
    };
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap()
}

#[test]
fn the_tests_of_nix_pass() {
    let Some(root) = std::env::var_os("NIXPACT_NIX_TESTS") else { return };
    let mut files = Vec::new();
    read_all(Path::new(&root), "", &mut files);
    files.sort();
    let (mut passed, mut unknown, mut wrong) = (0, String::new(), String::new());
    for (name, _) in &files {
        let expected = |ending| {
            let wanted = format!("{}{ending}", name.strip_suffix(".nix")?);
            files.iter().find(|(name, _)| *name == wanted).map(|(_, text)| text.trim_end())
        };
        if !name.ends_with(".nix") || expected(".flags").is_some() {
            continue;
        }
        let fails = name.starts_with("eval-fail-");
        let value = if name.starts_with("eval-okay-") { expected(".exp") } else { None };
        if value.is_none() && !fails {
            continue;
        }
        match evaluate(files.clone(), name.clone()) {
            Outcome::Value(found) if value == Some(found.as_str()) => passed += 1,
            Outcome::Error(_) if fails => passed += 1,
            Outcome::Unknown(why) => writeln!(unknown, "  {name}: {why:.200}").unwrap(),
            Outcome::Value(found) => {
                let wanted = value.unwrap_or("an error");
                writeln!(wrong, "{name}\n  Nix:     {wanted}\n  nixpact: {found}").unwrap();
            }
            Outcome::Error(found) => writeln!(wrong, "{name}\n  nixpact fails: {found}").unwrap(),
        }
    }
    let counts = format!("{passed} passed; unknown ({}):\n{unknown}", unknown.lines().count());
    std::fs::write(std::env::temp_dir().join("nixpact-conformance.txt"), counts).unwrap();
    assert!(wrong.is_empty(), "\n{wrong}");
}
