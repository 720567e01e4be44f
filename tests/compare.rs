//! Repositories as real Nix evaluates them: what nixpact knows of the options that a repository declares, and of what it
//! defines of NixOS, must be what Nix gives (`compare/ask.nix` says with which inputs). Where `NIXPKGS_LIB` does not
//! name nixpkgs' `lib`, or there is no Nix, nothing is compared.
//!
//! That is done with the homelab; or, where `REPOSITORIES` names a directory, with all in it. `FLAKES` names a directory
//! of flakes, each as `owner+name`, which must have those of which nixpact knows what they do, such as flake-parts;
//! `HOSTS` says how many hosts of each repository are asked for (1). What is found is printed.
#![allow(clippy::disallowed_methods, reason = "real Nix is the judge")]
#![allow(clippy::print_stdout, reason = "what is found is to be read")]

#[path = "compare/differ.rs"]
mod differ;
#[path = "compare/nix.rs"]
mod nix;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use nixpact_engine::{Asked, Form, Options, Printed, configs};
use serde_json::{Value, json};

use differ::{differ, short};
use nix::{Nix, first_error};

/// How often Nix is asked for what is left of a host's values when one of them ended it.
const ATTEMPTS: usize = 60;

#[test]
fn what_is_known_is_what_real_nix_gives() {
    let Some(lib) = std::env::var_os("NIXPKGS_LIB") else { return };
    let Some(nix) = Nix::new(Path::new(&lib)) else { return };
    let mut roots = match std::env::var_os("REPOSITORIES") {
        Some(directory) => std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("flake.nix").is_file())
            .collect(),
        None => vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("test-flakes/homelab")],
    };
    roots.sort();
    // Not on rayon's threads, where one evaluation would begin inside of another.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut reports = Vec::new();
        while let Some(root) = roots.get(next.fetch_add(1, Ordering::Relaxed)) {
            let report = Repository::read(&nix, root).compare();
            println!("{}: {report}", root.file_name().unwrap().display());
            reports.push(report);
        }
        reports
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |count: fn(&Report) -> usize| reports.iter().map(count).sum::<usize>();
    println!(
        "{} repositories, {} hosts; of {} options {} are known and {} the same",
        reports.iter().filter(|report| report.hosts > 0).count(),
        sum(|report| report.hosts),
        sum(|report| report.options),
        sum(|report| report.known),
        sum(|report| report.same),
    );
    assert_eq!(sum(|report| report.wrong.len()), 0, "values differ, see above");
    assert!(sum(|report| report.same) > 0, "nothing was compared");
}

#[derive(Default)]
struct Report {
    hosts: usize,
    options: usize,
    known: usize,
    same: usize,
    /// What differs.
    wrong: Vec<String>,
    /// What Nix does not get to with these inputs.
    failed: Vec<String>,
    /// Why nixpact does not know values, and how many.
    unknown: BTreeMap<String, usize>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Report { hosts, options, known, same, .. } = self;
        write!(f, "{hosts} hosts, {options} options, {known} known, {same} the same")?;
        for wrong in &self.wrong {
            write!(f, "\n  wrong: {wrong}")?;
        }
        for failed in &self.failed {
            write!(f, "\n  Nix fails: {failed}")?;
        }
        for (reason, count) in &self.unknown {
            write!(f, "\n  unknown: {count} because {reason}")?;
        }
        Ok(())
    }
}

/// The path of an option, and its value or the error that Nix would report.
type Known = (Vec<String>, Result<Value, String>);

struct Repository<'a> {
    nix: &'a Nix,
    root: PathBuf,
    question: Value,
}

impl<'a> Repository<'a> {
    fn read(nix: &'a Nix, root: &Path) -> Repository<'a> {
        let root = root.canonicalize().unwrap();
        let question = json!({
            "root": root,
            "lib": nix.lib,
            "flakes": nix.flakes,
            "words": words(&root),
            "isFree": true,
        });
        Repository { nix, root, question }
    }

    fn compare(&self) -> Report {
        let mut report = Report::default();
        let (hosts, error) = self.nix.ask(&self.question);
        let Some(Value::Array(hosts)) = hosts else {
            report.failed.push(format!("the hosts: {}", first_error(&error)));
            return report;
        };
        let most = std::env::var("HOSTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
        for host in &hosts {
            if report.hosts < most && report.failed.len() < 3 {
                self.compare_host(host.as_str().unwrap(), &mut report);
            }
        }
        report
    }

    fn compare_host(&self, host: &str, report: &mut Report) {
        let mut question = self.question.clone();
        question["host"] = json!(host);
        let (mut options, error) = self.nix.ask(&question);
        if options.is_none() {
            // What is defined there may hang on what is configured.
            question["isFree"] = json!(false);
            options = self.nix.ask(&question).0;
        }
        let Some(options) = options else {
            report.failed.push(format!("{host}: {}", first_error(&error)));
            return;
        };
        report.hosts += 1;
        let options: Vec<Vec<String>> = serde_json::from_value(options).unwrap();
        report.options += options.len();
        if options.is_empty() {
            return;
        }
        let paths: Vec<String> = options.iter().map(|path| attribute_path(path)).collect();
        let root =
            Options { root: self.root.clone(), host: Some(host.to_owned()), ..Options::default() };
        let asked = Asked { form: Form::Json, definitions: false, causes: false };
        let found = match configs(&root, &paths, asked) {
            Ok(found) => found,
            Err(failure) => {
                report.failed.push(format!("{host}: nixpact: {failure}"));
                return;
            }
        };
        // What is not known at all is not asked for.
        let mut known: Vec<Known> = Vec::new();
        for (path, answers) in options.into_iter().zip(found.answer) {
            match answers.into_iter().next().map(|answer| answer.value) {
                Some(Ok(shown)) => {
                    let Printed::Json(value) = shown.printed else { continue };
                    match value.get("$unknown") {
                        None => known.push((path, Ok(value))),
                        Some(reason) => *report.unknown.entry(reason.to_string()).or_default() += 1,
                    }
                }
                Some(Err(problem)) => known.push((path, Err(problem.message))),
                None => {}
            }
        }
        report.known += known.len();
        let mut failures = self.compare_values(&mut question, &known, report);
        if !failures.is_empty() {
            question["isFree"] = json!(!question["isFree"].as_bool().unwrap());
            let (left, first): (Vec<Known>, Vec<String>) = failures.into_iter().unzip();
            let mut second = Report::default();
            failures = self.compare_values(&mut question, &left, &mut second);
            report.same += second.same;
            // The second time what is defined of NixOS is not there at all.
            report.failed.extend(second.wrong);
            for (known, error) in &mut failures {
                let at = left.iter().position(|(path, _)| *path == known.0);
                if let (Some(at), true) = (at, error.contains("cannot find attribute")) {
                    error.clone_from(&first[at]);
                }
            }
        }
        let told = failures.iter().map(|((path, value), error)| {
            let given = value.as_ref().map_or_else(|message| format!("«{message}»"), short);
            format!("{host}: {}: {error}, where nixpact gives {given}", path.join("."))
        });
        report.failed.extend(told);
    }

    /// Gives back those of which Nix says nothing, with its error.
    fn compare_values(
        &self,
        question: &mut Value,
        known: &[Known],
        report: &mut Report,
    ) -> Vec<(Known, String)> {
        let mut failures = Vec::new();
        question["options"] = json!(known.iter().map(|(path, _)| path).collect::<Vec<_>>());
        let mut begin = 0;
        for _ in 0..ATTEMPTS {
            if begin == known.len() {
                break;
            }
            question["begin"] = json!(begin);
            let (_, said) = self.nix.ask(question);
            for answer in said.lines().filter_map(|line| line.strip_prefix("trace: answer ")) {
                // A trace of the repository may look like one.
                let Some((at, text)) = answer.split_once(' ') else { continue };
                let (Ok(at), Ok(real)) = (at.parse::<usize>(), serde_json::from_str(text)) else {
                    continue;
                };
                if at == begin {
                    begin += 1;
                    self.compare_value(&known[at], &real, report, &mut failures);
                }
            }
            // The next one ended it.
            if begin < known.len() {
                failures.push((known[begin].clone(), first_error(&said)));
                begin += 1;
            }
        }
        let left = known[begin..].iter();
        failures.extend(left.map(|known| (known.clone(), "not asked".to_owned())));
        // Where both fail they agree; nixpact's messages are shorter.
        let before = failures.len();
        failures.retain(|((_, value), _)| value.is_ok());
        report.same += before - failures.len();
        failures
    }

    fn compare_value(
        &self,
        known: &Known,
        real: &Value,
        report: &mut Report,
        failures: &mut Vec<(Known, String)>,
    ) {
        let (path, value) = known;
        match value {
            _ if real.get("$error").is_some() => {
                failures.push((known.clone(), "an error that can be caught".to_owned()));
            }
            Ok(value) => {
                let mut differences = String::new();
                differ(value, real, &mut Vec::new(), &mut differences);
                match differences.is_empty() {
                    true => report.same += 1,
                    false => report.wrong.push(format!("{}{differences}", path.join("."))),
                }
            }
            // It is somewhere inside.
            Err(_) if real.to_string().contains("\"$error\"") => report.same += 1,
            Err(message) => {
                let path = path.join(".");
                report.wrong.push(format!("{path}: {message}, where Nix gives {}", short(real)));
            }
        }
    }
}

/// All names that stand in the Nix files below a directory.
fn words(root: &Path) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for entry in walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_none_or(|it| it != "nix") || !entry.file_type().is_file() {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '\'' | '-');
        let found = text.split(|c| !is_part(c)).filter(|word| {
            // Names with two underscores, and those that make a set something else, are Nix' own.
            let first = word.chars().next();
            first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
                && !word.starts_with("__")
                && !["outPath", "_module", "_type", "recurseForDerivations"].contains(word)
        });
        words.extend(found.map(str::to_owned));
    }
    words
}

fn attribute_path(path: &[String]) -> String {
    let quoted = path.iter().map(|name| {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "\\${"))
    });
    quoted.collect::<Vec<_>>().join(".")
}
