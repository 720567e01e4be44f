//! Values on demand: of an option of a host, or of an expression.

use std::collections::BTreeSet;

use bumpalo::Bump;
use nixpact_contract::{Located, Named, Settings, located};
use nixpact_eval::{Attrs, Evaluator, Stop, Thunk, Value};
use nixpact_modules::{Definition, Node, Slot, Universe};
use nixpact_source::{FileId, Sources, Span};
use nixpact_syntax::{Ast, Symbol};

use crate::load::{Failure, Loaded, Options};
use crate::selection::{self, Step, selection};

/// How a value is to be answered.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub form: Form,
    /// The definitions of an option, too.
    pub definitions: bool,
    /// The value as data, too, in which the causes of what is not known stand.
    pub causes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Nix,
    Json,
}

/// The value of an option or an expression.
#[derive(Debug)]
pub struct Answer {
    /// The host, where it is an option's value and the repository names its hosts.
    pub host: Option<String>,
    /// The value, or the error that Nix would report.
    pub value: Result<Shown, Problem>,
    /// All definitions of an option, those that count first; none where they are not asked for.
    pub definitions: Vec<Traced>,
}

/// An answer, and the repository that it was found in.
#[derive(Debug)]
pub struct Found<T> {
    pub answer: T,
    loaded: Loaded,
    /// Whoever ends need not give it back.
    _arena: Bump,
}

impl<T> Found<T> {
    pub fn sources(&self) -> &Sources {
        &self.loaded.sources
    }
}

/// A value as it was asked for.
#[derive(Debug)]
pub struct Shown {
    pub printed: Printed,
    /// Where the causes were asked for.
    pub located: Option<Located>,
}

#[derive(Debug)]
pub enum Printed {
    /// As `nix-instantiate --eval --strict` prints it, unknown parts as `«unknown: reason»`.
    Nix(String),
    /// As [`nixpact_eval::json`] gives it.
    Json(serde_json::Value),
}

/// An error that Nix would report.
#[derive(Debug)]
pub struct Problem {
    pub message: String,
    pub span: Option<Span>,
    /// What was being evaluated and where, the innermost first.
    pub trace: Vec<(String, Span)>,
}

impl Problem {
    fn new(stop: &Stop<'_>) -> Problem {
        let mut trace: Vec<(String, Span)> = match stop {
            Stop::Error(error) => {
                error.trace().map(|frame| (frame.what.to_string(), frame.span)).collect()
            }
            Stop::Unknown(_) => Vec::new(),
        };
        trace.reverse();
        Problem { message: stop.to_string(), span: stop.span(), trace }
    }
}

/// A definition of an option and what becomes of it.
#[derive(Debug)]
pub struct Traced {
    pub span: Option<Span>,
    /// The file of a checkout of nixpkgs that it stands in.
    pub module: Option<String>,
    /// As `lib.mkOverride` takes it: the lowest counts.
    pub priority: i64,
    pub rank: Rank,
    /// The value, as Nix.
    pub value: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rank {
    /// It is part of the value.
    Counts,
    /// One of a lower priority number counts.
    Overridden,
    /// It counts under a condition that is unknown, for this reason.
    Possible(String),
}

/// The value of an option on each host, or the one value where the repository names no hosts.
///
/// # Errors
///
/// When the repository cannot be read, `path` is no attribute path, or there is no such host or none at all.
pub fn config(options: &Options, path: &str, asked: Asked) -> Result<Found<Vec<Answer>>, Failure> {
    let Found { mut answer, loaded, _arena } = configs(options, &[path], asked)?;
    Ok(Found { answer: answer.pop().unwrap_or_default(), loaded, _arena })
}

/// The values of several options, each as [`config`] gives it, of one look at the repository.
///
/// # Errors
///
/// As those of [`config`].
pub fn configs(
    options: &Options,
    paths: &[impl AsRef<str>],
    asked: Asked,
) -> Result<Found<Vec<Vec<Answer>>>, Failure> {
    let paths: Vec<_> =
        paths.iter().map(|path| selection(path.as_ref())).collect::<Result<_, _>>()?;
    let (loaded, config) = Loaded::read(options)?;
    let settings = loaded.settings(&config)?;
    let (answers, arena) = loaded.evaluate(|ev| {
        let (hosts, unknown) = nixpact_contract::hosts(ev, &settings);
        if hosts.is_empty() {
            return Err(match (unknown, nixpact_contract::flakes_below(ev.sources).first()) {
                (None, Some(directory)) => Failure::HostsBelow((*directory).to_owned()),
                (unknown, _) => Failure::NoHost(unknown.map(Box::new)),
            });
        }
        let is_asked = |name: &Option<String>| options.host.is_none() || *name == options.host;
        let asked_hosts: Vec<_> = hosts.iter().filter(|host| is_asked(&host.name)).collect();
        if let (Some(host), true) = (&options.host, asked_hosts.is_empty()) {
            let known = hosts.iter().filter_map(|host| host.name.clone()).collect();
            return Err(Failure::UnknownHost(host.clone(), known));
        }
        let answers = |steps: &Vec<Step>| {
            asked_hosts.iter().map(|host| answer(ev, host, steps, asked)).collect()
        };
        Ok(paths.iter().map(answers).collect())
    })?;
    Ok(Found { answer: answers?, loaded, _arena: arena })
}

fn answer<'a>(ev: &Evaluator<'a>, host: &Named<'a>, path: &[Step], asked: Asked) -> Answer {
    let universe = host.universe.in_full(ev);
    Answer {
        host: host.name.clone(),
        value: option(ev, universe, path, asked),
        definitions: match asked.definitions {
            true => definitions(ev, universe, &selection::names(path)),
            false => Vec::new(),
        },
    }
}

/// The names that the set at each path of the configuration has, on any host; none where there is no set.
pub(crate) fn attributes(
    loaded: &Loaded,
    settings: &Settings,
    paths: &[Vec<String>],
) -> Result<Vec<BTreeSet<String>>, Failure> {
    let (names, _) = loaded.evaluate(|ev| {
        let (hosts, _) = nixpact_contract::hosts(ev, settings);
        let names = |path: &Vec<String>| {
            let sets = hosts.iter().filter_map(|host| set_at(ev, host.universe, path));
            let names = sets.flat_map(|set| set.unordered());
            names.map(|attr| attr.name.to_string()).collect()
        };
        paths.iter().map(names).collect()
    })?;
    Ok(names)
}

fn set_at<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &[String],
) -> Option<&'a Attrs<'a>> {
    ev.reset_steps();
    let mut value = ev.force(universe.config(ev)).ok()?;
    for name in path {
        value = ev.force(ev.select(value, Symbol::new(name)).ok()??).ok()?;
    }
    match value {
        Value::Attrs(attrs) => Some(attrs),
        _ => None,
    }
}

fn option<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &[Step],
    asked: Asked,
) -> Result<Shown, Problem> {
    ev.reset_steps();
    let mut value = Ok(universe.config(ev));
    for (at, step) in path.iter().enumerate() {
        value = value
            .and_then(|base| {
                match ev.force(base) {
                    Ok(base) => selection::select(ev, base, *step),
                    Err(stop) => Err(stop),
                }
                .map(|found| found.ok_or(at))
            })
            .and_then(|found| match found {
                Ok(found) => Ok(found),
                Err(at) => {
                    let path: Vec<String> = path[..=at].iter().map(Step::to_string).collect();
                    let message =
                        format!("the option '{}' is neither declared nor defined", path.join("."));
                    ev.error(nixpact_eval::ErrorKind::MissingAttribute, message)
                }
            });
    }
    shown(ev, value.unwrap_or_else(|stop| ev.stopped(stop)), asked)
}

fn shown<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>, asked: Asked) -> Result<Shown, Problem> {
    let printed = match asked.form {
        Form::Nix => nixpact_eval::print(ev, value).map(Printed::Nix),
        Form::Json => nixpact_eval::json(ev, value).map(Printed::Json),
    };
    match printed {
        Ok(printed) => Ok(Shown { printed, located: asked.causes.then(|| located(ev, value)) }),
        Err(stop) => Err(Problem::new(&stop)),
    }
}

/// The definitions of an option, or of a member of a set of submodules, however deep.
fn definitions<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, path: &[Symbol]) -> Vec<Traced> {
    enum Place<'a> {
        Node(&'a Node<'a>),
        Slot(&'a Slot<'a>),
    }
    let mut place = Place::Node(universe.root(ev));
    for name in path {
        if let Place::Node(node) = place
            && let Some(option) = node.option(ev)
        {
            place = Place::Slot(option.slot);
        }
        let next = match place {
            Place::Node(node) => node.child(ev, *name).map(Place::Node),
            Place::Slot(slot) => match slot.elements(ev) {
                Some(elements) => {
                    let found = elements.entries.iter().find(|(known, _)| known == name);
                    found.map(|(_, slot)| Place::Slot(slot))
                }
                None => slot
                    .universe(ev)
                    .and_then(|universe| universe.root(ev).child(ev, *name))
                    .map(Place::Node),
            },
        };
        match next {
            Some(next) => place = next,
            None => return Vec::new(),
        }
    }
    let slot = match place {
        Place::Slot(slot) => Some(slot),
        Place::Node(node) => node.option(ev).map(|option| option.slot),
    };
    let Some(slot) = slot else { return Vec::new() };
    let state = slot.state(ev);
    let counts = state.active.first().map(|active| active.priority);
    let mut traced: Vec<Traced> =
        state.all.iter().map(|definition| trace(ev, definition, counts)).collect();
    traced.sort_by_key(|definition| (definition.rank == Rank::Overridden, definition.priority));
    traced
}

fn trace<'a>(ev: &Evaluator<'a>, definition: &Definition<'a>, counts: Option<i64>) -> Traced {
    let value = match nixpact_eval::print(ev, definition.value) {
        Ok(text) => text,
        Err(stop) => format!("error: {stop}"),
    };
    Traced {
        module: definition.file.and_then(|file| ev.path_outside(file)),
        span: ev.written(definition.value).or(definition.span),
        priority: definition.priority,
        rank: match definition.condition {
            _ if counts.is_some_and(|counts| definition.priority > counts) => Rank::Overridden,
            Some(unknown) => Rank::Possible(unknown.to_string()),
            None => Rank::Counts,
        },
        value,
    }
}

/// What is to be evaluated.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A file, relative to the root.
    File(String),
    /// Nix text; paths in it begin at the root.
    Text(String),
}

/// The value of a file or an expression. As `nix-instantiate` does, functions on the way to an attribute are
/// called with those of the arguments that they name, and so is what is found where there are any.
///
/// # Errors
///
/// When the repository cannot be read, there is no such file, the text does not parse, or `path` is no
/// attribute path.
pub fn expression(
    options: &Options,
    subject: &Subject,
    arguments: &[(String, String)],
    path: Option<&str>,
    asked: Asked,
) -> Result<Found<Answer>, Failure> {
    let steps = path.map(selection).transpose()?.unwrap_or_default();
    let (mut loaded, _) = Loaded::read(options)?;
    let file = match subject {
        Subject::File(path) => match file(&loaded.sources, path) {
            Some(file) => file,
            None => return Err(Failure::NoFile(path.clone())),
        },
        Subject::Text(text) => loaded.add_text("«expression»", text)?,
    };
    let mut given = Vec::new();
    for (name, text) in arguments {
        given.push((name.as_str(), loaded.add_text(&format!("«argument {name}»"), text)?));
    }
    let texts = given.iter().map(|(_, file)| *file).chain([file]);
    if let Some(problem) = texts.filter_map(|file| refused(loaded.ast(file)?)).next() {
        let answer = Answer { host: None, value: Err(problem), definitions: Vec::new() };
        return Ok(Found { answer, loaded, _arena: Bump::new() });
    }
    let (answer, arena) = loaded.evaluate(|ev| {
        let entries = given.iter().map(|(name, file)| ev.attr(name, ev.file(*file)));
        let given = ev.attrs(entries.collect());
        let called = |value| ev.lazy(move |ev| ev.auto_call(ev.force(value)?, given));
        let mut value = ev.file(file);
        for step in &steps {
            let (base, step) = (called(value), *step);
            value = ev.lazy(move |ev| match selection::select(ev, ev.force(base)?, step)? {
                Some(found) => ev.force(found),
                None => ev.error(
                    nixpact_eval::ErrorKind::MissingAttribute,
                    format!("attribute '{step}' missing"),
                ),
            });
        }
        if !given.is_empty() {
            value = called(value);
        }
        // A stop of one kind or the other is what the printed value tells.
        let value = match ev.force(value) {
            Err(stop @ Stop::Error(_)) => Err(Problem::new(&stop)),
            _ => shown(ev, value, asked),
        };
        Answer { host: None, value, definitions: Vec::new() }
    })?;
    Ok(Found { answer, loaded, _arena: arena })
}

/// The file of a path, or of the directory that it names.
fn file(sources: &Sources, path: &str) -> Option<FileId> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let default =
        if path == "." { "default.nix".to_owned() } else { format!("{path}/default.nix") };
    sources.id(path).or_else(|| sources.id(&default))
}

/// What Nix refuses a file for before it evaluates anything; the first in the file.
fn refused(ast: &Ast) -> Option<Problem> {
    if let Some(error) = ast.errors.first() {
        let message = format!("syntax error: {}", error.message);
        return Some(Problem { message, span: Some(error.span), trace: Vec::new() });
    }
    let twice = ast.duplicates.iter().map(|duplicate| {
        (duplicate.second, format!("attribute '{}' already defined", duplicate.path))
    });
    let bound_twice = ast.duplicate_formals.iter().map(|duplicate| {
        (duplicate.second, format!("duplicate formal function argument '{}'", duplicate.name))
    });
    let undefined = ast
        .undefined
        .iter()
        .map(|variable| (variable.span, format!("undefined variable '{}'", variable.name)));
    let (span, message) =
        twice.chain(bound_twice).chain(undefined).min_by_key(|(span, _)| span.start)?;
    Some(Problem { message, span: Some(span), trace: Vec::new() })
}
