//! Every `cases/<name>.nix` is a function of `{ lib }` that gives a list of modules or the arguments of
//! `lib.evalModules`; beside it stands in `<name>.exp` what real Nix computes for `config.lab`.
//! `goldens.sh` makes those files again. `NIXPACT_CASES` names another folder of cases.

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, Value};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use serde_json::Value as Json;

use super::{Tally, compare};

pub struct Case {
    pub name: String,
    pub text: String,
    expected: Json,
}

pub struct Cases {
    pub all: Vec<Case>,
    /// The paths and texts of the files that they may import.
    imported: Vec<(String, String)>,
}

impl Cases {
    pub fn read() -> Cases {
        let given = std::env::var_os("NIXPACT_CASES").map(PathBuf::from);
        let root =
            given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
        let files = root.join("files");
        let directories = std::fs::read_dir(&files).into_iter().flatten();
        let directories = directories.map(|entry| entry.unwrap().path()).filter(|it| it.is_dir());
        let name = |file: &Path| file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let imported = directories
            .chain([files.clone()])
            .flat_map(|directory| nix_files(&directory))
            .map(|file| (name(&file), read(&file)))
            .collect();
        let case = |file: PathBuf| Case {
            name: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            text: read(&file),
            expected: serde_json::from_str(&read(&file.with_extension("exp"))).unwrap(),
        };
        Cases { all: nix_files(&root).into_iter().map(case).collect(), imported }
    }

    /// Compares what a case is expected to be with what a text in its place is.
    pub fn check(&self, case: &Case, text: String) -> Tally {
        let name = &case.name;
        let main = format!(
            "{{ lib }}: let given = import ./{name}.nix {{ inherit lib; }}; in
            (lib.evalModules (if builtins.isList given then {{ modules = given; }} else given)).config.lab"
        );
        let mut all = vec![("_main.nix".to_owned(), main), (format!("{name}.nix"), text)];
        all.extend_from_slice(&self.imported);
        let run = || {
            let sources = Sources::from_memory(all);
            let asts = Asts::of(&sources);
            let arena = Bump::new();
            let groups = nixpact_modules::GROUPS;
            let ev = Evaluator::new(&arena, &sources, &asts, groups, Limits::default());
            let lib = ev.value(Value::Attrs(ev.attrs(vec![ev.attr("lib", ev.value(ev.lib()))])));
            let main = ev.file(sources.id("_main.nix").unwrap());
            let mut tally = Tally::default();
            compare(&ev, ev.apply(main, &[lib]), &case.expected, "lab", &mut tally);
            tally
        };
        let stack = nixpact_eval::STACK_BYTES;
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(stack);
            thread.spawn_scoped(scope, run).unwrap().join().unwrap()
        })
    }
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
