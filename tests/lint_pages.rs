//! The page of a lint is its test: each group of Nix blocks in it is a repository held in memory.
//!
//! A block has its path as its title; the blocks between two headings belong together. The contract is
//! `lints/standard_contract.nix` where no block brings its own `modules/server/options.nix`. `# error`
//! at the end of a line marks where a finding of the page's lint must begin, and `# warning` where one
//! must that is none at the level of an error. Where there is no mark there must be no finding.
#![allow(clippy::disallowed_methods, reason = "a test writes temporary files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use nixpact_diagnostics::{Diagnostic, Severity};
use nixpact_engine::{Analysis, Baseline, Config, DEFAULT_BASELINE, Formatter, Options};
use nixpact_lints::{CATALOGUE, Level, Lint};
use nixpact_source::Sources;

const SCHEMA: &str = "modules/server/options.nix";
const SECTIONS: &[&str] = &["## Why", "## Example", "## Fix", "## What stays unknown"];

#[test]
fn findings_stand_exactly_where_the_pages_mark_them() {
    let mut problems = String::new();
    for (lint, page) in pages() {
        for example in examples(&page.text) {
            check(lint, &page, &example, &mut problems);
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_page_has_its_sections_and_shows_both_outcomes() {
    let mut problems = String::new();
    for (lint, page) in pages() {
        let mut problem = |text: &str| _ = writeln!(problems, "{}: {text}", page.path);
        let lines: Vec<&str> = page.text.lines().collect();
        if lines.first() != Some(&format!("# {}", lint.name).as_str()) {
            problem(&format!("the first line must be '# {}'", lint.name));
        }
        let sections: Vec<&str> =
            lines.iter().copied().filter(|line| line.starts_with("## ")).collect();
        if sections != SECTIONS {
            problem(&format!("the sections are {sections:?}, not {SECTIONS:?}"));
        }
        let examples = examples(&page.text);
        let (failing, silent): (Vec<_>, Vec<_>) =
            examples.iter().partition(|example| !example.marks().is_empty());
        if failing.is_empty() {
            problem("no example has a line marked '# error'");
        }
        if silent.len() < 2 {
            problem("fewer than two examples must stay silent");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

#[test]
fn every_page_belongs_to_a_lint() {
    let known: BTreeSet<String> = pages().into_iter().map(|(_, page)| page.path).collect();
    let found: BTreeSet<String> = markdown().into_iter().map(|(path, _)| path).collect();
    assert_eq!(known, found);
}

struct Page {
    /// Relative to the workspace.
    path: String,
    text: String,
}

fn pages() -> Vec<(&'static Lint, Page)> {
    let files = markdown();
    CATALOGUE
        .iter()
        .map(|lint| {
            let name = format!("{}.md", lint.name.replace('-', "_"));
            let file = files.iter().find(|(path, _)| path.ends_with(&format!("/{name}")));
            let (path, text) = file.unwrap_or_else(|| panic!("lints/*/{name} is missing"));
            (*lint, Page { path: path.clone(), text: text.clone() })
        })
        .collect()
}

/// The pages on disk, sorted by path.
fn markdown() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for group in std::fs::read_dir(root.join("lints")).unwrap() {
        let group = group.unwrap().path();
        if !group.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(group).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let shown = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((shown, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The blocks between two headings.
#[derive(Default)]
struct Example {
    heading: String,
    blocks: Vec<Block>,
}

struct Block {
    /// `None` is a mistake of the page.
    title: Option<String>,
    text: String,
    /// Of its first line in the page, from 1.
    line: usize,
}

/// A line of a file: path and number, from 1.
type Place = (String, usize);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// As much as the lint's findings weigh at most.
    Error,
    Warning,
}

const NO_PLACE: Place = (String::new(), 0);

impl Example {
    fn marks(&self) -> BTreeMap<Place, Mark> {
        let mut marks = BTreeMap::new();
        for block in &self.blocks {
            let path = block.title.clone().unwrap_or_default();
            for (at, line) in block.text.lines().enumerate() {
                let mark = match line.trim_end().rsplit_once("# ") {
                    Some((_, "error")) => Mark::Error,
                    Some((_, "warning")) => Mark::Warning,
                    _ => continue,
                };
                marks.insert((path.clone(), at + 1), mark);
            }
            // A finding about the repository as a whole has no place.
            if block.text.contains("# error: no place\n") {
                marks.insert(NO_PLACE, Mark::Error);
            }
        }
        marks
    }

    fn has(&self, path: &str) -> bool {
        self.blocks.iter().any(|block| block.title.as_deref() == Some(path))
    }
}

fn examples(page: &str) -> Vec<Example> {
    let mut examples = vec![Example::default()];
    let mut lines = page.lines().enumerate();
    while let Some((_, line)) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let mut text = String::new();
            let mut first = None;
            for (at, line) in lines.by_ref().take_while(|(_, line)| !line.starts_with("```")) {
                first.get_or_insert(at + 1);
                text.push_str(line);
                text.push('\n');
            }
            let languages = ["bash", "json", "nix", "toml", "yaml"];
            if languages.iter().any(|language| info.starts_with(language)) {
                let title = info.split_once("title=\"").and_then(|(_, rest)| rest.split_once('"'));
                let title = title.map(|(title, _)| title.to_owned());
                let block = Block { title, text, line: first.unwrap_or_default() };
                examples.last_mut().unwrap().blocks.push(block);
            }
        } else if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_owned();
            examples.push(Example { heading, blocks: Vec::new() });
        }
    }
    examples.retain(|example| !example.blocks.is_empty());
    examples
}

fn check(lint: &'static Lint, page: &Page, example: &Example, problems: &mut String) {
    let at = format!("{}:{} ({})", page.path, example.blocks[0].line, example.heading);
    let mut titles = BTreeSet::new();
    for block in &example.blocks {
        let problem = match &block.title {
            None => "the block has no title".to_owned(),
            Some(title) if !titles.insert(title) => format!("{title} is there twice"),
            Some(_) => continue,
        };
        _ = writeln!(problems, "{}:{}: {problem}", page.path, block.line);
        return;
    }
    let only = analyse(example, Some(lint.name));
    let found: BTreeSet<Place> =
        only.diagnostics.iter().map(|diagnostic| place(&only, diagnostic)).collect();
    let marks = example.marks();
    for (path, line) in marks.keys().filter(|place| !found.contains(place)) {
        _ = writeln!(problems, "{at}: {path}:{line} is marked, but {} is silent", lint.name);
    }
    for diagnostic in &only.diagnostics {
        let (path, line) = place(&only, diagnostic);
        let message = &diagnostic.message;
        let is_milder = lint.level == Level::Deny && diagnostic.severity != Severity::Error;
        match marks.get(&(path.clone(), line)) {
            None => _ = writeln!(problems, "{at}: {path}:{line} is not marked, but: {message}"),
            Some(mark) if (*mark == Mark::Warning) != is_milder => {
                _ = writeln!(problems, "{at}: {path}:{line} is of another weight: {message}");
            }
            Some(_) => {}
        }
    }
    for problem in only.diagnostics.iter().filter_map(unconventional) {
        _ = writeln!(problems, "{at}: {problem}");
    }
    // An example shows one kind of mistake, and a silent one shows none.
    let all = analyse(example, None);
    for diagnostic in &all.diagnostics {
        if diagnostic.lint != lint.name && diagnostic.severity == Severity::Error {
            let (path, line) = place(&all, diagnostic);
            let Diagnostic { lint, message, .. } = diagnostic;
            _ = writeln!(problems, "{at}: {path}:{line}: another lint, {lint}: {message}");
        }
    }
}

/// What in the words of a finding is not as the others have it: each text is one line, messages and labels
/// end without a mark, and a finding says more than its message.
fn unconventional(finding: &Diagnostic) -> Option<String> {
    let labels = finding.primary.iter().chain(&finding.secondary);
    let labels: Vec<&str> = labels.map(|label| label.message.as_str()).collect();
    let notes = finding.notes.iter().map(String::as_str);
    let is_wrong = |text: &&str| {
        text.is_empty() || text.contains('\n') || text.contains("  ") || text.trim() != *text
    };
    let ends = |text: &&str| {
        text.ends_with(['.', '!', ':', ','])
        // The name of an option may end so.
        && !text.ends_with("…")
    };
    let message = finding.message.as_str();
    if labels.is_empty() && finding.notes.is_empty() {
        return Some(format!("no word beside the message: {message}"));
    }
    let all = || std::iter::once(message).chain(labels.iter().copied());
    let wrong = all().chain(notes).find(is_wrong).or_else(|| all().find(ends));
    wrong.map(|text| format!("not in the form of the others: '{text}'"))
}

fn place(analysis: &Analysis, diagnostic: &Diagnostic) -> Place {
    match &diagnostic.primary {
        Some(label) => {
            let file = analysis.sources.file(label.span.file);
            (file.path.clone(), file.line_column(label.span.start).line as usize)
        }
        None => NO_PLACE,
    }
}

fn analyse(example: &Example, lint: Option<&'static str>) -> Analysis {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut others: Vec<(String, String)> = Vec::new();
    let mut config = Config::default();
    let formatter = Formatter::new(|command, files| {
        assert_eq!(command, ["alejandra", "--check"]);
        let is_dense = |at: &usize| files[*at].text.contains("enable=");
        Ok((0..files.len()).filter(is_dense).collect())
    });
    let mut options = Options { lint, formatter, ..Options::default() };
    for block in &example.blocks {
        let title = block.title.clone().unwrap();
        if title == "nixpact.toml" {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join(&title);
            std::fs::write(&path, &block.text).unwrap();
            config = Config::load(&path).unwrap();
        } else if title == DEFAULT_BASELINE {
            options.baseline = Some(Baseline::parse(&block.text).unwrap());
        } else if title.ends_with(".nix") {
            files.push((title, block.text.clone()));
        } else {
            others.push((title, block.text.clone()));
        }
    }
    if !example.has(SCHEMA) {
        let standard = include_str!("../lints/standard_contract.nix");
        files.push((SCHEMA.to_owned(), standard.to_owned()));
    }
    let sources = Sources::from_memory(files).with_others(others);
    Analysis::of(sources, &config, &options).unwrap()
}
