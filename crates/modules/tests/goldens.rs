//! Every `cases/<name>.nix` is a function of `{ lib }` that gives a list of modules or the arguments of
//! `lib.evalModules`; beside it stands in `<name>.exp` what real Nix computes for `config.lab`.
//! `goldens.sh` makes those files again. `NIXPACT_CASES` names another folder of cases.
//!
//! `NIXPACT_TALLY` makes the test fail with its figures.
//!
//! What is known here must be the same there; what is not known is counted.

mod support;

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, Value};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use serde_json::Value as Json;
use support::{Tally, compare};

/// Evaluates a case beside the files that it may import.
fn check(name: &str, text: String, files: Vec<(String, String)>, expected: Json) -> Tally {
    let main = format!(
        "{{ lib }}: let given = import ./{name}.nix {{ inherit lib; }}; in
        (lib.evalModules (if builtins.isList given then {{ modules = given; }} else given)).config.lab"
    );
    let mut all = vec![("_main.nix".to_owned(), main), (format!("{name}.nix"), text)];
    all.extend(files);
    let run = move || {
        let sources = Sources::from_memory(all);
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let groups = nixpact_modules::GROUPS;
        let ev = Evaluator::new(&arena, &sources, &asts, groups, Limits::default());
        let lib = ev.value(Value::Attrs(ev.attrs(vec![ev.attr("lib", ev.value(ev.lib()))])));
        let main = ev.file(sources.id("_main.nix").unwrap());
        let mut tally = Tally::default();
        compare(&ev, ev.apply(main, &[lib]), &expected, "lab", &mut tally);
        tally
    };
    let stack = nixpact_eval::STACK_BYTES;
    std::thread::Builder::new().stack_size(stack).spawn(run).unwrap().join().unwrap()
}

fn nix_files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "nix"));
    files.sort();
    files
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn known_values_are_those_of_real_nix() {
    let given = std::env::var_os("NIXPACT_CASES").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    let files = root.join("files");
    let directories = std::fs::read_dir(&files).into_iter().flatten();
    let directories = directories.map(|entry| entry.unwrap().path()).filter(|it| it.is_dir());
    let imported: Vec<(String, String)> = directories
        .chain([files.clone()])
        .flat_map(|directory| nix_files(&directory))
        .map(|file| (file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), read(&file)))
        .collect();
    let (mut known, mut unknown, mut wrong) = (0, 0, Vec::new());
    let cases = nix_files(&root);
    let mut table = String::new();
    for case in &cases {
        let expected = serde_json::from_str(&read(&case.with_extension("exp"))).unwrap();
        let case_name = name(case);
        let tally = check(&case_name, read(case), imported.clone(), expected);
        known += tally.known;
        unknown += tally.unknown;
        if tally.unknown > 0 {
            table += &format!("{case_name}: {} known, {} unknown\n", tally.known, tally.unknown);
        }
        wrong.extend(tally.wrong.iter().map(|wrong| format!("{case_name}: {wrong}")));
    }
    let sum = format!("{} cases, {known} known, {unknown} unknown\n{table}", cases.len());
    assert!(wrong.is_empty(), "{} wrong\n{}\n{sum}", wrong.len(), wrong.join("\n"));
    assert!(known > 10 * unknown.max(1), "{sum}");
    assert!(std::env::var_os("NIXPACT_TALLY").is_none(), "{sum}");
}
