//! Compares the native `lib` with that of nixpkgs, where `NIXPKGS_LIB` names the `lib` folder of a
//! checkout. Without it nothing is run.
//!
//! What nixpkgs' own tests (`lib/tests/misc.nix`) expect may be unknown to nixpact, but nothing else
//! may come out.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use bumpalo::Bump;
use nixpact_eval::{
    Eval, Evaluator, Limits, Outside, STACK_BYTES, Stop, Thunk, Value, may_be_of_lib, print,
};
use nixpact_modules::GROUPS;
use nixpact_source::Sources;
use nixpact_syntax::Asts;
use nixpact_syntax::Symbol;

const FILE: &str = "tests/misc.nix";

/// `misc.nix` as a function of `lib` that gives the set of its tests.
fn tests_as_function(text: &str) -> String {
    let text = text.replacen("lib = import ../default.nix;", "", 1);
    format!("{{ lib }}:\n{}", text.replacen("\nrunTests {", "\n{", 1))
}

fn field<'a>(ev: &Evaluator<'a>, test: &'a Thunk<'a>, name: &str) -> Eval<'a, &'a Thunk<'a>> {
    let attrs = ev.force_attrs(test)?;
    attrs.get(Symbol::new(name)).map(|attr| attr.value).ok_or_else(|| {
        ev.error_stop(nixpact_eval::ErrorKind::MissingAttribute, format!("no {name} in a test"))
    })
}

fn passes<'a>(ev: &Evaluator<'a>, test: &'a Thunk<'a>) -> Eval<'a, bool> {
    ev.equal_thunks(field(ev, test, "expr")?, field(ev, test, "expected")?)
}

/// What is printed of a test that does not pass.
fn shown<'a>(ev: &Evaluator<'a>, test: &'a Thunk<'a>) -> String {
    let side = |name| match field(ev, test, name).and_then(|thunk| print(ev, thunk)) {
        Ok(text) => text,
        Err(stop) => format!("{stop:?}"),
    };
    format!("    expr:     {:.600}\n    expected: {:.600}\n", side("expr"), side("expected"))
}

/// The attributes of nixpkgs' `lib`, and of the sets in it, that the native one does not have.
fn missing<'a>(ev: &Evaluator<'a>, lib: &'a Thunk<'a>) -> Vec<String> {
    let native = ev.force_attrs(ev.value(ev.lib())).unwrap();
    let mut missing = Vec::new();
    for attr in ev.force_attrs(lib).unwrap().sorted() {
        let Some(known) = native.get(attr.name) else {
            missing.push(attr.name.to_string());
            continue;
        };
        let (Ok(Value::Attrs(known)), Ok(Value::Attrs(group))) =
            (ev.force(known.value), ev.force(attr.value))
        else {
            continue;
        };
        let inner = group.sorted().into_iter().filter(|inner| known.get(inner.name).is_none());
        missing.extend(inner.map(|inner| format!("{}.{}", attr.name, inner.name)));
    }
    missing
}

#[derive(Clone, Copy)]
enum Lib {
    Native,
    /// That of the checkout, evaluated.
    Real,
    /// The native one, and what it does not have from the checkout.
    Joined,
}

#[derive(Default)]
struct Report {
    passed: usize,
    unknown: String,
    wrong: String,
    missing: Vec<String>,
}

fn run(root: &Path, which: Lib) -> Report {
    let mut sources = Sources::load(root, |_| false).unwrap();
    if let Some(file) = sources.id(FILE) {
        let text = tests_as_function(&sources.file(file).text);
        sources.set_text(file, text);
    }
    let asts = Asts::of(&sources);
    let arena = Bump::new();
    let mut ev = Evaluator::new(&arena, &sources, &asts, GROUPS, Limits::default());
    let mut nixpkgs = Outside::default();
    nixpkgs.add_nixpkgs(root.parent().expect("lib is in a checkout")).unwrap();
    if let Lib::Joined = which {
        ev.set_outside(&nixpkgs).unwrap();
    }
    let real = ev.file(sources.id("default.nix").expect("lib/default.nix is there"));
    let lib = match which {
        Lib::Native | Lib::Joined => ev.value(ev.lib()),
        Lib::Real => real,
    };
    let argument = ev.value(Value::Attrs(ev.attrs(vec![ev.attr("lib", lib)])));
    let function = ev.force(ev.file(sources.id(FILE).expect("lib/tests/misc.nix is there")));
    let tests = ev.force_attrs(ev.value(ev.call_result(function, argument).unwrap())).unwrap();
    let mut report = Report { missing: missing(&ev, real), ..Report::default() };
    for test in tests.sorted() {
        let name = test.name.as_str();
        ev.reset_steps();
        match passes(&ev, test.value) {
            Ok(true) => report.passed += 1,
            Err(Stop::Unknown(why)) => writeln!(report.unknown, "  {name}: {why}").unwrap(),
            _ => writeln!(report.wrong, "  {name}\n{}", shown(&ev, test.value)).unwrap(),
        }
    }
    report
}

fn passes_with(which: Lib) -> Report {
    let Some(root) = std::env::var_os("NIXPKGS_LIB") else { return Report::default() };
    let run = move || run(Path::new(&root), which);
    let report =
        std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run).unwrap().join().unwrap();
    let count = report.unknown.lines().count();
    let text = format!("{} passed, {count} unknown:\n{}", report.passed, report.unknown);
    std::io::stderr().write_all(text.as_bytes()).unwrap();
    assert!(report.wrong.is_empty(), "\n{}", report.wrong);
    report
}

#[test]
fn the_native_lib_passes_the_tests_of_nixpkgs() {
    let missing = passes_with(Lib::Native).missing;
    let text = format!("{} not in the native lib: {}\n", missing.len(), missing.join(" "));
    std::io::stderr().write_all(text.as_bytes()).unwrap();
    let top_level = missing.iter().filter(|name| !name.contains('.'));
    let unheard_of = top_level.filter(|name| !may_be_of_lib(Symbol::new(name)));
    assert_eq!(unheard_of.collect::<Vec<_>>(), Vec::<&String>::new(), "in nixlib/lacking.rs");
}

#[test]
fn both_libs_together_pass_the_tests_of_nixpkgs() {
    passes_with(Lib::Joined);
}

#[test]
fn the_lib_of_nixpkgs_passes_its_tests_here() {
    passes_with(Lib::Real);
}
