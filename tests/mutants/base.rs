//! The reference repository, and texts of it that are written anew.

use std::ops::Range;

use nixpact_contract::{Contract, Definition, Field, Host, Role, Service};
use nixpact_engine::{Analysis, Config, Options};
use nixpact_source::{Sources, Span};

use crate::style::Rng;
use crate::support::read_homelab;

pub struct Base {
    pub analysis: Analysis,
}

/// What is written anew.
pub struct Mutant {
    pub edits: Vec<Edit>,
    /// Where the finding has to be: a part of a file before it was written anew.
    pub at: (String, Range<usize>),
    /// Lints that find something of it, too.
    pub also: &'static [&'static str],
}

pub struct Edit {
    pub path: String,
    pub range: Range<usize>,
    pub text: String,
}

impl Mutant {
    /// One edit, at which the finding has to be.
    pub fn new(edit: Edit) -> Mutant {
        Mutant { at: (edit.path.clone(), edit.range.clone()), edits: vec![edit], also: &[] }
    }

    pub fn also(self, lints: &'static [&'static str]) -> Mutant {
        Mutant { also: lints, ..self }
    }

    /// Where the finding has to be once all is written: what covers a part of an edit covers its text.
    pub fn place(&self) -> (&str, Range<usize>) {
        let (path, old) = &self.at;
        let mut new = old.start as isize..old.end as isize;
        let mut edits: Vec<&Edit> = self.edits.iter().filter(|edit| edit.path == *path).collect();
        edits.sort_by_key(|edit| edit.range.start);
        for edit in edits {
            let grown = edit.text.len() as isize - edit.range.len() as isize;
            if edit.range.end < old.start || (edit.range.end == old.start && !old.is_empty()) {
                new = new.start + grown..new.end + grown;
            } else if edit.range.start <= old.end {
                new.end += grown;
            }
        }
        (path, new.start.max(0) as usize..new.end.max(new.start + 1) as usize)
    }
}

impl std::fmt::Display for Mutant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for edit in &self.edits {
            writeln!(out, "{}:{:?}: {}", edit.path, edit.range, edit.text)?;
        }
        Ok(())
    }
}

impl Base {
    pub fn read() -> Base {
        let sources = Sources::from_memory(read_homelab(|_| false));
        Base { analysis: analyse(sources) }
    }

    pub fn analyse(&self, mutant: &Mutant) -> Analysis {
        let files = self.analysis.sources.files().iter().map(|file| {
            let mut text = file.text.clone();
            let mut edits: Vec<&Edit> =
                mutant.edits.iter().filter(|edit| edit.path == file.path).collect();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
            for edit in edits {
                text.replace_range(edit.range.clone(), &edit.text);
            }
            (file.path.clone(), text)
        });
        analyse(Sources::from_memory(files))
    }

    pub fn host(&self) -> &Host {
        &self.analysis.model.hosts[0]
    }

    pub fn contract(&self) -> &Contract {
        &self.analysis.model.contracts[0]
    }

    /// A service that runs.
    pub fn enabled(&self, rng: &mut Rng) -> Option<&Service> {
        let enabled: Vec<&Service> = self.host().enabled().collect();
        rng.pick(&enabled).copied()
    }

    pub fn role<'s>(&self, service: &'s Service, role: Role) -> Option<&'s Field> {
        service.role(self.contract(), role)
    }

    pub fn field<'s>(&self, service: &'s Service, name: &str) -> Option<&'s Field> {
        self.contract().field(name).map(|at| &service.fields[at])
    }

    pub fn path(&self, span: Span) -> &str {
        &self.analysis.sources.file(span.file).path
    }

    pub fn text(&self, path: &str) -> &str {
        let id = self.analysis.sources.id(path).expect("the file is there");
        &self.analysis.sources.file(id).text
    }

    /// Other text in place of a part of a file.
    pub fn replace(&self, span: Span, text: impl Into<String>) -> Edit {
        let range = span.start as usize..span.end as usize;
        Edit { path: self.path(span).to_owned(), range, text: text.into() }
    }

    /// The only definition of a field, where it stands in a module of the service alone, and `lib` is in
    /// scope: what a helper writes is that of several services.
    pub fn own<'f>(&self, service: &Service, field: &'f Field) -> Option<&'f Definition> {
        let [definition] = &field.definitions[..] else { return None };
        let (key, value) = (definition.key?, definition.value?);
        let path = self.path(value);
        let is_own = path.ends_with(&format!("/{}/default.nix", service.name));
        let is_plain = key.file == value.file && key.end < value.start;
        (is_own && is_plain && self.text(path).contains("lib,")).then_some(definition)
    }

    /// The whole binding of a definition, up to its semicolon.
    pub fn binding(&self, definition: &Definition) -> Option<Range<usize>> {
        let (key, value) = (definition.key?, definition.value?);
        let text = self.text(self.path(value));
        // A path such as `a.b` begins before its last name.
        let before = &text[..key.start as usize];
        let is_outside = |letter: char| letter.is_whitespace() || letter == '{';
        let start = before.rfind(is_outside).map_or(0, |at| at + 1);
        let between = text[key.end as usize..value.start as usize].trim();
        let end = value.end as usize + text[value.end as usize..].find(';')? + 1;
        (between == "=").then_some(start..end)
    }

    /// A further module of the host, in which no service is named.
    pub fn module(&self, lines: &str) -> Edit {
        let path = "hosts/Server/configuration.nix";
        let before = "imports = [";
        let at = self.text(path).find(before).expect("it imports others") + before.len();
        let text = format!("\n    ({{ lib, ... }}: {{\n{lines}\n    }})");
        Edit { path: path.to_owned(), range: at..at, text }
    }
}

fn analyse(sources: Sources) -> Analysis {
    Analysis::of(sources, &Config::default(), &Options::default()).expect("it can be analysed")
}
