//! Which modules there are (`collectModules`).

mod keys;
mod unresolved;
mod value;

use std::collections::VecDeque;

use nixpact_eval::{Attrs, Evaluator, Reason, Stop, Thunk, Unknown, Value};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::class::Class;
use crate::flakes::flake_parts;
use crate::foreign::is_foreign;
use crate::names;
use crate::opaque::{Opaque, Opaques};
use crate::property::RawDefinition;
use crate::unify::{Module, explicit, unify};
use crate::universe::Universe;
use keys::Key;
pub(crate) use unresolved::chosen;

/// Something to be taken for a module.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A module, or a path to one, and the file that names it.
    Module(&'a Thunk<'a>, Option<FileId>),
    /// A module that imports the given one.
    Import(&'a Thunk<'a>, Option<FileId>),
    /// Configuration alone.
    Config(RawDefinition<'a>),
    /// A file.
    File(FileId),
}

pub struct Collected<'a> {
    /// In the order in which nixpkgs finds them.
    pub modules: &'a [Module<'a>],
    /// The files of the repository among them.
    pub files: &'a [FileId],
    /// Modules that are not known, or not looked at here.
    pub unresolved: &'a [&'a Unknown<'a>],
    /// Those that are not known.
    pub unknown: &'a [&'a Unknown<'a>],
    /// Where the configuration is surely asked for to find modules, which Nix cannot do.
    pub cycles: &'a [Span],
    /// Why modules of the repository itself are among those.
    pub(crate) opaque: Opaques<'a>,
    /// What Nix reports while it finds them, which leaves nothing of the evaluation.
    pub failure: Option<Stop<'a>>,
}

impl<'a> Collected<'a> {
    /// The modules of other flakes.
    pub(crate) fn foreign_modules(
        &self,
        ev: &Evaluator<'a>,
    ) -> impl Iterator<Item = &'a Unknown<'a>> {
        self.unresolved.iter().copied().filter(|unknown| is_foreign(ev, unknown))
    }

    /// Adds the modules of other flakes to the reasons for what is not known.
    pub(crate) fn foreign(&self, ev: &Evaluator<'a>, list: Opaques<'a>) -> Opaques<'a> {
        self.foreign_modules(ev)
            .fold(list, |list, unknown| Opaque::new(unknown, None, None).push(ev, list))
    }

    /// Whether a module from outside is not known, of which the text that names it tells that it is meant.
    pub(crate) fn has_foreign(&self, is_meant: impl Fn(&str) -> bool) -> bool {
        self.unresolved.iter().any(|module| match module.reason {
            Reason::External(_, text) => is_meant(text),
            _ => false,
        })
    }

    /// Whether it may lack modules of the repository: one is not known, or Nix stops while it looks for them.
    pub fn lacks_own(&self) -> bool {
        self.opaque.is_some() || self.failure.is_some()
    }

    pub(crate) const NOTHING: Self = Collected {
        modules: &[],
        files: &[],
        unresolved: &[],
        unknown: &[],
        cycles: &[],
        opaque: None,
        failure: None,
    };
}

const NO_MODULE: &str = "a value does not look like a module";

/// A module as it was found, with those that it imports.
struct Found<'a> {
    /// Its parts; none for a mere import.
    module: Option<Module<'a>>,
    /// The file that it is, where it is one.
    file: Option<FileId>,
    key: Key<'a>,
    /// The path of which it is read in a copy, as `"${./modules}/web.nix"` is: what it imports is in there, too.
    copy: Option<&'a str>,
    imports: Vec<usize>,
    /// Imports of it that are not known.
    unresolved: Vec<Opaque<'a>>,
    /// Imports of it from outside of the repository, which are not looked at here.
    skipped: Vec<&'a Unknown<'a>>,
}

/// A file that is taken for a module.
struct Read<'a> {
    file: FileId,
    key: Key<'a>,
    /// See [`Found::copy`].
    copy: Option<&'a str>,
}

/// Where something comes from that is taken for a module.
#[derive(Clone, Copy)]
struct From<'a> {
    /// The file that names it.
    file: Option<FileId>,
    written: Option<&'a Thunk<'a>>,
}

struct Collector<'a> {
    /// Modules from outside are looked at for what they import alone: they stand in the universe
    /// [beside](Universe::whole).
    skips_outside: bool,
    /// What is to be looked at, the file that names it, and what imports it.
    queue: VecDeque<(Source<'a>, Option<FileId>, usize)>,
    /// The first stands for the whole; its imports are the modules that were given.
    found: Vec<Found<'a>>,
    /// What is imported by a path, by its key.
    paths: FxHashMap<&'a str, usize>,
    disabled: FxHashSet<&'a str>,
    cycles: Vec<Span>,
    failure: Option<Stop<'a>>,
}

pub(crate) fn collect<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    sources: &[Source<'a>],
) -> &'a Collected<'a> {
    let mut collector = Collector {
        skips_outside: universe.is_host(),
        queue: sources.iter().map(|source| (*source, None, 0)).collect(),
        found: vec![Found::new(None, None)],
        paths: FxHashMap::default(),
        disabled: FxHashSet::default(),
        cycles: Vec::new(),
        failure: None,
    };
    let rest = universe.special.rest.map(|unknown| Opaque::new(unknown, None, None));
    collector.found[0].unresolved.extend(rest);
    while let Some((source, file, importer)) = collector.queue.pop_front() {
        collector.add(ev, universe, source, file, importer);
    }
    let (mut modules, mut files, mut unresolved) = (Vec::new(), Vec::new(), Vec::new());
    let skipped = collector.filter(&mut modules, &mut files, &mut unresolved);
    let opaque = unresolved
        .iter()
        .rev()
        .filter(|opaque| !is_foreign(ev, opaque.unknown))
        .fold(universe.opaque, |list, opaque| opaque.push(ev, list));
    let unknown: Vec<_> = unresolved.iter().map(|opaque| opaque.unknown).collect();
    let unresolved: Vec<_> = unknown.iter().copied().chain(skipped).collect();
    ev.arena.alloc(Collected {
        modules: ev.arena.alloc_slice_copy(&modules),
        files: ev.arena.alloc_slice_copy(&files),
        unresolved: ev.arena.alloc_slice_copy(&unresolved),
        unknown: ev.arena.alloc_slice_copy(&unknown),
        cycles: ev.arena.alloc_slice_copy(&collector.cycles),
        opaque,
        failure: collector.failure,
    })
}

impl<'a> Found<'a> {
    fn new(key: Key<'a>, file: Option<FileId>) -> Found<'a> {
        let (imports, unresolved, skipped) = Default::default();
        Found { module: None, file, key, copy: None, imports, unresolved, skipped }
    }
}

impl<'a> Collector<'a> {
    /// `filterModules`: breadth first, without what is disabled, each key once.
    fn filter(
        &self,
        modules: &mut Vec<Module<'a>>,
        files: &mut Vec<FileId>,
        unresolved: &mut Vec<Opaque<'a>>,
    ) -> Vec<&'a Unknown<'a>> {
        let mut skipped = Vec::new();
        let mut seen = FxHashSet::default();
        let mut seen_files = FxHashSet::default();
        let mut is_new_file = |file| seen_files.insert(file);
        let mut queue = VecDeque::from([0]);
        let mut is_queued = vec![false; self.found.len()];
        while let Some(at) = queue.pop_front() {
            let found = &self.found[at];
            if found.key.is_some_and(|key| !seen.insert(key)) {
                continue;
            }
            modules.extend(found.module);
            unresolved.extend_from_slice(&found.unresolved);
            skipped.extend_from_slice(&found.skipped);
            if let Some(file) = found.file
                && !file.is_outside()
                && is_new_file(file)
            {
                files.push(file);
            }
            for import in &found.imports {
                let is_new = !std::mem::replace(&mut is_queued[*import], true);
                let is_disabled = |key| self.disabled.contains(key);
                if is_new && !self.found[*import].key.is_some_and(is_disabled) {
                    queue.push_back(*import);
                }
            }
        }
        skipped
    }

    /// A place for a module that another one imports.
    fn place(&mut self, importer: usize) -> usize {
        self.place_of(None, None, importer)
    }

    fn place_of(&mut self, key: Key<'a>, file: Option<FileId>, importer: usize) -> usize {
        let at = self.found.len();
        let copy = self.found[importer].copy;
        self.found.push(Found { copy, ..Found::new(key, file) });
        self.found[importer].imports.push(at);
        at
    }

    fn add(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        source: Source<'a>,
        from: Option<FileId>,
        importer: usize,
    ) {
        match source {
            Source::Config(definition) => {
                let config = ev.arena.alloc_slice_copy(&[definition]);
                let at = self.place(importer);
                self.found[at].module = Some(Module {
                    file: definition.file,
                    options: None,
                    config,
                    freeform_type: None,
                    unsupported: &[],
                    explicit: None,
                });
            }
            Source::File(file) => {
                let read = Read { file, key: keys::of_file(ev, file), copy: None };
                self.add_file(ev, universe, read, importer);
            }
            Source::Module(thunk, file) => match applied(ev, thunk) {
                Ok(value) => {
                    let from = From { file: file.or(from), written: Some(thunk) };
                    self.add_value(ev, universe, value, from, importer);
                }
                Err(Stop::Unknown(call)) => {
                    let stop = Stop::Unknown(chosen(ev, call, thunk));
                    self.cycle(Stop::Unknown(call), || ev.asks_while_importing(thunk));
                    self.stop(ev, stop, file.or(from), importer);
                }
                Err(stop) => self.stop(ev, stop, file.or(from), importer),
            },
            Source::Import(thunk, file) => {
                let at = self.place(importer);
                self.queue.push_back((Source::Module(thunk, file), from, at));
            }
        }
    }

    /// A module as a set, with what it imports.
    fn add_attrs(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        attrs: &'a Attrs<'a>,
        file: Option<FileId>,
        at: usize,
    ) {
        let field = |name: Symbol| attrs.get(name).map(|attr| attr.value);
        if let (Class::Named(class), Some(Ok(own))) =
            (universe.special.class, field(*names::CLASS).map(|own| ev.force_str(own)))
            && own != class
        {
            let refused = Reason::Unsupported("a module of another class");
            self.stop(ev, ev.unknown(refused, None), file, at);
            let message = format!("a module of class {own} where {class} is expected");
            let place = field(*names::CLASS).and_then(|own| ev.written(own));
            self.refuse(ev, &message, place, file, at);
        }
        let is_long = explicit(attrs).is_some();
        for name in [*names::REQUIRE, *names::IMPORTS] {
            if name == *names::REQUIRE && is_long {
                continue;
            }
            if let Some(imports) = field(name) {
                self.add_imports(ev, imports, file, at);
            }
        }
        if let Some(disabled) = field(*names::DISABLED_MODULES) {
            self.disable(ev, universe, disabled, file, at);
        }
        match keys::written(ev, attrs) {
            Ok(key) => self.found[at].key = key.or(self.found[at].key),
            Err(Stop::Unknown(_)) => {}
            Err(error) => self.stop(ev, error, file, at),
        }
        if let Some(rest) = attrs.rest {
            // Whatever it is, it is a part of this module.
            let rest = match is_foreign(ev, rest) && self.skipped(file).is_none() {
                true => ev.unknown_because(Reason::Condition, rest),
                false => rest,
            };
            self.leave_open(ev, rest, file, at);
        }
        if self.skipped(file).is_some() {
            return;
        }
        let module = unify(ev, attrs, file);
        if let [other, ..] = module.unsupported {
            let message = format!("a module has an unsupported attribute '{}'", other.name);
            self.refuse(ev, &message, other.span, file, at);
        }
        self.found[at].module = Some(module);
    }

    fn add_imports(
        &mut self,
        ev: &Evaluator<'a>,
        imports: &'a Thunk<'a>,
        file: Option<FileId>,
        at: usize,
    ) {
        match ev.accepted(imports) {
            Ok(Value::List(list)) => {
                for item in list.items {
                    self.queue.push_back((Source::Module(item, None), file, at));
                }
                if let Some(rest) = list.rest {
                    self.cycle(Stop::Unknown(rest), || ev.asks_while_importing(imports));
                    let rest = chosen(ev, rest, imports);
                    self.leave_open(ev, rest, file, at);
                }
            }
            Ok(_) => {
                let message = "the imports of a module are no list";
                self.refuse(ev, message, ev.written(imports), file, at);
            }
            Err(stop) => {
                self.cycle(stop, || ev.asks_while_importing(imports));
                let stop = match stop {
                    Stop::Unknown(unknown) => Stop::Unknown(chosen(ev, unknown, imports)),
                    Stop::Error(_) => stop,
                };
                self.stop(ev, stop, file, at);
            }
        }
    }
}

/// What is to be taken for a module, as far as it can be told without other flakes.
fn applied<'a>(ev: &Evaluator<'a>, module: &'a Thunk<'a>) -> Result<Value<'a>, Stop<'a>> {
    match ev.accepted(module) {
        Err(Stop::Unknown(call)) => {
            flake_parts::import_apply(ev, call).unwrap_or(Err(Stop::Unknown(call)))
        }
        known => known,
    }
}
