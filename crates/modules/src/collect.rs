//! Which modules there are (`collectModules`), and their parts (`unifyModuleSyntax`).

use std::collections::VecDeque;

use nixpact_eval::{Attr, Attrs, Evaluator, Stop, Thunk, Unknown, Value};
use nixpact_source::{FileId, Span};
use nixpact_syntax::{Parameter, Symbol};
use rustc_hash::FxHashSet;

use crate::flake_parts;
use crate::names;
use crate::node::is_foreign;
use crate::opaque::{Opaque, Opaques};
use crate::property::RawDefinition;
use crate::universe::Universe;

/// Something to be taken for a module.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// A module, or a path to one, and the file that names it.
    Module(&'a Thunk<'a>, Option<FileId>),
    /// Configuration alone.
    Config(RawDefinition<'a>),
    /// A file.
    File(FileId),
}

/// A module in its parts.
#[derive(Clone, Copy)]
pub struct Module<'a> {
    pub file: Option<FileId>,
    pub(crate) options: Option<&'a Thunk<'a>>,
    pub(crate) config: &'a [RawDefinition<'a>],
    pub(crate) freeform_type: Option<&'a Thunk<'a>>,
    /// Attributes beside `config` or `options`, which the module system refuses.
    pub unsupported: &'a [(Symbol, Option<Span>)],
}

pub struct Collected<'a> {
    /// In the order in which nixpkgs finds them.
    pub modules: &'a [Module<'a>],
    /// The files among them.
    pub files: &'a [FileId],
    /// Modules that are not known.
    pub unresolved: &'a [&'a Unknown<'a>],
    /// Why modules of the repository itself are among those.
    pub(crate) opaque: Opaques<'a>,
}

impl Collected<'_> {
    pub(crate) const NOTHING: Self =
        Collected { modules: &[], files: &[], unresolved: &[], opaque: None };
}

struct Collector<'a> {
    queue: VecDeque<(Source<'a>, Option<FileId>)>,
    modules: Vec<Module<'a>>,
    files: Vec<FileId>,
    seen: FxHashSet<FileId>,
    disabled: FxHashSet<FileId>,
    unresolved: Vec<Opaque<'a>>,
}

pub(crate) fn collect<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    sources: &[Source<'a>],
) -> &'a Collected<'a> {
    let mut collector = Collector {
        queue: sources.iter().map(|source| (*source, None)).collect(),
        modules: Vec::new(),
        files: Vec::new(),
        seen: FxHashSet::default(),
        disabled: FxHashSet::default(),
        unresolved: Vec::new(),
    };
    let rest = universe.special.rest.map(|unknown| Opaque::new(unknown, None, None));
    collector.unresolved.extend(rest);
    while let Some((source, file)) = collector.queue.pop_front() {
        collector.add(ev, universe, source, file);
    }
    let disabled = collector.disabled;
    collector.modules.retain(|module| module.file.is_none_or(|file| !disabled.contains(&file)));
    collector.files.retain(|file| !disabled.contains(file));
    let opaque = collector
        .unresolved
        .iter()
        .rev()
        .filter(|opaque| !is_foreign(opaque.unknown))
        .fold(universe.opaque, |list, opaque| opaque.push(ev, list));
    let unresolved: Vec<_> = collector.unresolved.iter().map(|opaque| opaque.unknown).collect();
    ev.arena.alloc(Collected {
        modules: ev.arena.alloc_slice_copy(&collector.modules),
        files: ev.arena.alloc_slice_copy(&collector.files),
        unresolved: ev.arena.alloc_slice_copy(&unresolved),
        opaque,
    })
}

impl<'a> Collector<'a> {
    fn add(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        source: Source<'a>,
        from: Option<FileId>,
    ) {
        match source {
            Source::Config(definition) => {
                let config = ev.arena.alloc_slice_copy(&[definition]);
                self.modules.push(Module {
                    file: definition.file,
                    options: None,
                    config,
                    freeform_type: None,
                    unsupported: &[],
                });
            }
            Source::File(file) => self.add_file(ev, universe, file),
            Source::Module(thunk, file) => match ev.force(thunk) {
                Ok(value) => self.add_value(ev, universe, value, file.or(from)),
                Err(Stop::Unknown(call)) => match flake_parts::import_tree(ev, call) {
                    Some(Ok(files)) => {
                        let files = files.into_iter().map(|file| (Source::File(file), None));
                        self.queue.extend(files);
                    }
                    Some(Err(stop)) => self.stop(stop, file.or(from)),
                    None => self.stop(Stop::Unknown(call), file.or(from)),
                },
                Err(stop) => self.stop(stop, file.or(from)),
            },
        }
    }

    fn add_file(&mut self, ev: &Evaluator<'a>, universe: &'a Universe<'a>, file: FileId) {
        if !self.seen.insert(file) {
            return;
        }
        self.files.push(file);
        match ev.force(ev.file(file)) {
            Ok(value) => self.add_value(ev, universe, value, Some(file)),
            Err(stop) => self.stop(stop, Some(file)),
        }
    }

    fn add_value(
        &mut self,
        ev: &Evaluator<'a>,
        universe: &'a Universe<'a>,
        value: Value<'a>,
        file: Option<FileId>,
    ) {
        match value {
            Value::Attrs(attrs) if attrs.get(Symbol::new("__functor")).is_none() => {
                match attrs.get(Symbol::new("outPath")) {
                    Some(_) if attrs.get(*names::CONFIG).is_none() => {
                        self.add_path(ev, universe, value);
                    }
                    _ => self.add_attrs(ev, attrs, file),
                }
            }
            Value::Lambda(_) | Value::Builtin(_) | Value::Attrs(_) => {
                match call(ev, universe, value) {
                    Ok(Value::Attrs(attrs)) => self.add_attrs(ev, attrs, file),
                    Ok(_) => {}
                    Err(stop) => self.stop(stop, file),
                }
            }
            Value::Path(_) | Value::Str(_) | Value::Template(_) => {
                self.add_path(ev, universe, value);
            }
            _ => {}
        }
    }

    fn add_path(&mut self, ev: &Evaluator<'a>, universe: &'a Universe<'a>, value: Value<'a>) {
        let file = ev.to_path(value).and_then(|path| ev.import_id(path));
        match file {
            Ok(file) => self.add_file(ev, universe, file),
            Err(stop) => self.stop(stop, None),
        }
    }

    fn stop(&mut self, stop: Stop<'a>, module: Option<FileId>) {
        // An error of Nix's stops the evaluation there too: nothing follows from such a module.
        if let Stop::Unknown(unknown) = stop {
            self.unresolved.push(Opaque::new(unknown, module, None));
        }
    }

    /// `unifyModuleSyntax`
    fn add_attrs(&mut self, ev: &Evaluator<'a>, attrs: &'a Attrs<'a>, file: Option<FileId>) {
        let field = |name: Symbol| attrs.get(name).map(|attr| attr.value);
        for name in [*names::REQUIRE, *names::IMPORTS] {
            if let Some(imports) = field(name) {
                self.add_imports(ev, imports, file);
            }
        }
        if let Some(disabled) = field(*names::DISABLED_MODULES) {
            self.disable(ev, disabled);
        }
        if let Some(rest) = attrs.rest {
            self.unresolved.push(Opaque::new(rest, file, None));
        }
        let is_long = field(*names::CONFIG).is_some() || field(*names::OPTIONS).is_some();
        let mut config = Vec::new();
        let mut unsupported = Vec::new();
        if is_long {
            config.extend(field(*names::CONFIG).map(|value| RawDefinition::new(value, file)));
            unsupported.extend(
                attrs
                    .unordered()
                    .iter()
                    .filter(|attr| !is_structure(attr.name))
                    .map(|attr| (attr.name, attr.span)),
            );
            unsupported.sort_unstable_by_key(|(name, _)| name.as_str());
        } else {
            let own: Vec<Attr<'a>> = attrs
                .unordered()
                .iter()
                .filter(|attr| !is_structure(attr.name) || attr.name == *names::META)
                .copied()
                .collect();
            let own = ev.value(Value::Attrs(ev.open_attrs(own, None)));
            config.push(RawDefinition::new(own, file));
        }
        self.modules.push(Module {
            file,
            options: field(*names::OPTIONS),
            config: ev.arena.alloc_slice_copy(&config),
            freeform_type: field(*names::FREEFORM_TYPE),
            unsupported: ev.arena.alloc_slice_copy(&unsupported),
        });
    }

    fn add_imports(&mut self, ev: &Evaluator<'a>, imports: &'a Thunk<'a>, file: Option<FileId>) {
        match ev.force(imports) {
            Ok(Value::List(list)) => {
                for item in list.items {
                    self.queue.push_back((Source::Module(item, None), file));
                }
                let rest = list.rest.map(|unknown| Opaque::new(unknown, file, None));
                self.unresolved.extend(rest);
            }
            Ok(_) => {}
            Err(stop) => self.stop(stop, file),
        }
    }

    fn disable(&mut self, ev: &Evaluator<'a>, disabled: &'a Thunk<'a>) {
        let Ok(list) = ev.force_list(disabled) else { return };
        for item in list.items {
            // A module of nixpkgs is named by a relative string, which is no path here.
            let file = ev.force(item).and_then(|value| ev.to_path(value));
            if let Ok(file) = file.and_then(|path| ev.import_id(path)) {
                self.disabled.insert(file);
            }
        }
    }
}

fn is_structure(name: Symbol) -> bool {
    [
        *names::FILE,
        *names::CLASS,
        *names::KEY,
        *names::DISABLED_MODULES,
        *names::REQUIRE,
        *names::IMPORTS,
        *names::OPTIONS,
        *names::CONFIG,
        *names::META,
        *names::FREEFORM_TYPE,
    ]
    .contains(&name)
}

/// Calls a module function (`applyModuleArgs`).
pub(crate) fn call<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    function: Value<'a>,
) -> Result<Value<'a>, Stop<'a>> {
    let formals: &[nixpact_syntax::Formal] = match function {
        Value::Lambda(closure) => match &closure.lambda().parameter {
            Parameter::Pattern { formals, .. } => formals,
            Parameter::Name(_) => &[],
        },
        _ => &[],
    };
    // Formals without ellipsis get only what they name, as an unexpected argument is refused.
    let args = universe.module_args(ev, &mut formals.iter().map(|formal| formal.name));
    ev.call(function, ev.value(Value::Attrs(args)))
}
