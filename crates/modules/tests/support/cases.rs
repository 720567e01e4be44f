//! Every `cases/<name>.nix` is a function of `{ lib }` that gives a list of modules or the arguments of
//! `lib.evalModules`; beside it stands in `<name>.exp` what real Nix computes for `config.lab`.
//! `goldens.sh` makes those files again. `NIXPACT_CASES` names another folder of cases.

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use nixpact_eval::{Evaluator, Limits, Thunk, Value};
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use serde_json::Value as Json;

use super::holds::{self, holds};
use super::{Tally, compare};

/// Fails where `tryEval` says that something did: what is not known is taken not to fail.
const NO_TRY: &str = "(value: builtins.seq value { success = true; inherit value; })";

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
        let files = self.with(case, "", text);
        run(&files, |ev, sources| {
            let mut tally = Tally::default();
            compare(ev, value(ev, sources, ""), &case.expected, "lab", &mut tally);
            tally
        })
    }

    /// What does not hold of the value of a case, if something does not that is known of a text in its place; what
    /// `tryEval` makes of errors is left open.
    pub fn difference(&self, case: &Case, text: String) -> Option<String> {
        let without = |text: String| text.replace("builtins.tryEval", NO_TRY);
        let mut files = self.with(case, "certain/", without(case.text.clone()));
        files.extend(self.with(case, "doubted/", without(text)));
        run(&files, |ev, sources| {
            let [certain, doubted] =
                ["certain/", "doubted/"].map(|it| ev.force(value(ev, sources, it)));
            (!holds(ev, doubted, certain)).then(|| holds::difference(ev, doubted, certain))
        })
    }

    /// A text in the place of a case, below a directory, with what it may import.
    fn with(&self, case: &Case, below: &str, text: String) -> Vec<(String, String)> {
        let name = &case.name;
        let main = format!(
            "{{ lib }}: let given = import ./{name}.nix {{ inherit lib; }}; in
            (lib.evalModules (if builtins.isList given then {{ modules = given; }} else given)).config.lab"
        );
        let own = [("_main.nix".to_owned(), main), (format!("{name}.nix"), text)];
        let all = own.iter().chain(&self.imported);
        all.map(|(path, text)| (format!("{below}{path}"), text.clone())).collect()
    }
}

/// The value of a case below a directory.
fn value<'a>(ev: &Evaluator<'a>, sources: &Sources, below: &str) -> &'a Thunk<'a> {
    let lib = ev.value(Value::Attrs(ev.attrs(vec![ev.attr("lib", ev.value(ev.lib()))])));
    let main = ev.file(sources.id(&format!("{below}_main.nix")).unwrap());
    ev.apply(main, &[lib])
}

fn run<T: Send>(
    files: &[(String, String)],
    look: impl for<'a> FnOnce(&Evaluator<'a>, &Sources) -> T + Send,
) -> T {
    let run = || {
        let sources = Sources::from_memory(files.iter().cloned());
        let asts = Asts::of(&sources);
        let arena = Bump::new();
        let groups = nixpact_modules::GROUPS;
        look(&Evaluator::new(&arena, &sources, &asts, groups, Limits::default()), &sources)
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(nixpact_eval::STACK_BYTES);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    })
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
