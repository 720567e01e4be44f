//! One evaluation of modules (`lib.evalModules`).

mod arguments;
mod config;

use std::cell::{Cell, OnceCell};

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, External, Reason, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::class::Class;
use crate::collect::{Collected, Source, collect};
use crate::foreign;
use crate::node::Node;
use crate::opaque::Opaques;
use crate::option::OptionDecl;
use crate::options::options_value;
use crate::path::Path;
use crate::property::{Definition, RawDefinition};
use crate::template::Template;
use crate::types::Submodule;

pub struct Universe<'a> {
    /// Where the modules stand: empty for a host, the option's path for a submodule.
    pub path: &'a Path<'a>,
    pub(crate) special: Special<'a>,
    kind: Kind,
    /// Why there may be definitions that the sources do not have.
    pub(crate) opaque: Opaques<'a>,
    sources: &'a [Source<'a>],
    /// What it shares with its siblings.
    template: Option<&'a Template<'a>>,
    /// A module asked for something of this very member.
    asked: Cell<bool>,
    collected: OnceCell<&'a Collected<'a>>,
    collecting: Cell<bool>,
    root: OnceCell<&'a Node<'a>>,
    config: OnceCell<&'a Thunk<'a>>,
    unchecked: OnceCell<&'a Thunk<'a>>,
    /// The same host with NixOS' own modules.
    pub(crate) whole: Option<&'a Universe<'a>>,
    pub(crate) is_whole: OnceCell<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A host, whose modules NixOS' own join.
    Host,
    /// A host with NixOS' own modules.
    System,
    /// `lib.evalModules`: the given modules and no others.
    Evaluation,
    Flake,
    Submodule,
}

/// The `specialArgs`.
#[derive(Clone, Copy)]
pub struct Special<'a> {
    pub args: &'a Attrs<'a>,
    /// Modules that are not known, such as those of another flake.
    pub rest: Option<&'a Unknown<'a>>,
    /// Modules that say that they are of another class are refused.
    pub class: Class<'a>,
    /// The `lib` of the modules, where it is not nixpkgs' own.
    pub lib: Option<&'a Thunk<'a>>,
}

impl<'a> Universe<'a> {
    /// The universe of a host of which the modules are known, and of the special arguments some.
    pub fn of_modules(
        ev: &Evaluator<'a>,
        sources: &[Source<'a>],
        given: Vec<Attr<'a>>,
    ) -> &'a Universe<'a> {
        let rest = ev.unknown_ref(Reason::External(External::Other, "specialArgs"), None);
        let args = ev.open_attrs(given, Some(rest));
        let special = Special { args, rest: None, class: Class::Unknown, lib: None };
        Universe::host(ev, sources, special, None)
    }

    /// The universe of a host; `whole` is the same with NixOS' own modules.
    pub fn host(
        ev: &Evaluator<'a>,
        sources: &[Source<'a>],
        special: Special<'a>,
        whole: Option<&'a Universe<'a>>,
    ) -> &'a Universe<'a> {
        let host = Universe::make(ev, Path::root(ev), Kind::Host, sources, special, None, None);
        ev.arena.alloc(Universe { whole, ..host })
    }

    /// The universe of a host that has NixOS' own modules.
    pub(crate) fn system(
        ev: &Evaluator<'a>,
        sources: &[Source<'a>],
        special: Special<'a>,
    ) -> &'a Universe<'a> {
        Universe::new(ev, Path::root(ev), Kind::System, sources, special, None, None)
    }

    /// `lib.evalModules`, whose options stand below `prefix`.
    pub(crate) fn evaluation(
        ev: &Evaluator<'a>,
        prefix: &'a Path<'a>,
        sources: &[Source<'a>],
        special: Special<'a>,
    ) -> &'a Universe<'a> {
        Universe::new(ev, prefix, Kind::Evaluation, sources, special, None, None)
    }

    /// The same modules and further ones, as `extendModules` adds them.
    pub fn extended(&self, ev: &Evaluator<'a>, further: &[Source<'a>]) -> &'a Universe<'a> {
        let sources = [self.sources, further].concat();
        let (path, kind, special) = (self.path, self.kind, self.special);
        let extended = Universe::make(ev, path, kind, &sources, special, self.opaque, None);
        let whole = self.whole.map(|whole| whole.extended(ev, further));
        ev.arena.alloc(Universe { whole, ..extended })
    }

    /// The universe of flake-parts' modules.
    pub(crate) fn flake(
        ev: &Evaluator<'a>,
        sources: &[Source<'a>],
        special: Special<'a>,
    ) -> &'a Universe<'a> {
        Universe::new(ev, Path::root(ev), Kind::Flake, sources, special, None, None)
    }

    /// `submoduleWith`: the submodule's own modules and the definitions as further ones.
    pub(crate) fn submodule(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        submodule: Submodule<'a>,
        definitions: &[Definition<'a>],
        opaque: Opaques<'a>,
        template: Option<&'a Template<'a>>,
    ) -> &'a Universe<'a> {
        let own = |module: &&'a Thunk<'a>| match submodule.is_imported {
            true => Source::Import(module, None),
            false => Source::Module(module, None),
        };
        let mut sources: Vec<Source<'a>> = submodule.modules.iter().map(own).collect();
        sources.extend(definitions.iter().map(|definition| {
            let is_config = match ev.force(definition.value) {
                Ok(Value::Attrs(_)) => submodule.shorthand_only,
                // It is none of the modules of another flake, which define options of their own.
                Err(Stop::Unknown(_)) => true,
                _ => false,
            };
            if is_config {
                Source::Config(RawDefinition {
                    span: definition.span,
                    undecided: definition.condition,
                    ..RawDefinition::new(definition.value, definition.file)
                })
            } else {
                Source::Import(definition.value, definition.file)
            }
        }));
        let args = match submodule.special_args.map(|args| ev.force(args)) {
            Some(Ok(Value::Attrs(args))) => args,
            Some(Err(Stop::Unknown(unknown))) => ev.open_attrs(Vec::new(), Some(unknown)),
            _ => ev.attrs(Vec::new()),
        };
        let rest = submodule.rest.map(|rest| match rest.reason {
            Reason::ForeignOption(_) => foreign::at(ev, path),
            _ => rest,
        });
        let special = Special { args, rest, class: submodule.class, lib: None };
        // A definition that is a module may declare options of its own.
        let plain = |source: &Source<'a>| matches!(source, Source::Config(_));
        let template = template.filter(|_| sources[submodule.modules.len()..].iter().all(plain));
        Universe::new(ev, path, Kind::Submodule, &sources, special, opaque, template)
    }

    /// A submodule without definitions, to look at what it declares.
    pub fn bare(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        submodule: Submodule<'a>,
    ) -> &'a Universe<'a> {
        let path = path.child(ev, Symbol::new("<name>"));
        Universe::submodule(ev, path, submodule, &[], None, None)
    }

    /// The value of a submodule that nobody defines (`emptyValue`).
    pub(crate) fn empty(ev: &Evaluator<'a>, submodule: Submodule<'a>) -> Eval<'a> {
        let path = Path::root(ev).child(ev, Symbol::new("‹name›"));
        let universe = Universe::submodule(ev, path, submodule, &[], None, None);
        ev.force(universe.config(ev))
    }

    /// A universe without modules, for an option that no module declares.
    pub(crate) fn nowhere(ev: &Evaluator<'a>) -> &'a Universe<'a> {
        let special =
            Special { args: ev.attrs(Vec::new()), rest: None, class: Class::Any, lib: None };
        Universe::new(ev, Path::root(ev), Kind::Submodule, &[], special, None, None)
    }

    /// Calls a function as a module of this universe.
    pub fn apply(&'a self, ev: &Evaluator<'a>, function: Value<'a>) -> Eval<'a> {
        crate::apply::call(ev, self, function)
    }

    fn make(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        kind: Kind,
        sources: &[Source<'a>],
        special: Special<'a>,
        opaque: Opaques<'a>,
        template: Option<&'a Template<'a>>,
    ) -> Universe<'a> {
        Universe {
            path,
            special,
            kind,
            opaque,
            sources: ev.arena.alloc_slice_copy(sources),
            template,
            asked: Cell::new(false),
            collected: OnceCell::new(),
            collecting: Cell::new(false),
            root: OnceCell::new(),
            config: OnceCell::new(),
            unchecked: OnceCell::new(),
            whole: None,
            is_whole: OnceCell::new(),
        }
    }

    fn new(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        kind: Kind,
        sources: &[Source<'a>],
        special: Special<'a>,
        opaque: Opaques<'a>,
        template: Option<&'a Template<'a>>,
    ) -> &'a Universe<'a> {
        ev.arena.alloc(Universe::make(ev, path, kind, sources, special, opaque, template))
    }

    pub(crate) fn sources(&self) -> &'a [Source<'a>] {
        self.sources
    }

    pub(crate) fn is_flake(&self) -> bool {
        self.kind == Kind::Flake
    }

    pub fn is_submodule(&self) -> bool {
        self.kind == Kind::Submodule
    }

    pub(crate) fn is_host(&self) -> bool {
        self.kind == Kind::Host
    }

    /// Whether it is a host that NixOS' own function makes.
    pub(crate) fn is_nixos(&self) -> bool {
        self.is_host() && self.special.class == Class::Named("nixos")
    }

    pub(crate) fn is_system(&self) -> bool {
        self.kind == Kind::System
    }

    /// Whether it has no modules but those that the repository gives it.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self.kind, Kind::Submodule | Kind::Evaluation)
    }

    /// Why it may have options that the repository does not declare, where it is in one that other modules
    /// declare, too.
    pub(crate) fn declared_elsewhere(&self) -> Option<&'a Unknown<'a>> {
        self.special.rest.filter(|rest| matches!(rest.reason, Reason::ForeignOption(_)))
    }

    /// Why it may have options of another flake's modules, which declare them at any place.
    pub(crate) fn foreign_module(&'a self, ev: &Evaluator<'a>) -> Option<&'a Unknown<'a>> {
        // Those of a template are all known.
        if !self.is_own() || self.template.is_some() {
            return None;
        }
        self.collected(ev).foreign_modules(ev).next()
    }

    /// All modules, found through `imports`. None where they are asked for while they are being found.
    pub fn collected(&'a self, ev: &Evaluator<'a>) -> &'a Collected<'a> {
        if let Some(known) = ev.recall(&self.collected) {
            return known;
        }
        if self.collecting.replace(true) {
            return ev.arena.alloc(Collected::NOTHING);
        }
        let collected = ev.remember(&self.collected, || collect(ev, self, self.sources));
        self.collecting.set(false);
        let _ = self.collected.set(collected);
        collected
    }

    /// Nothing of the configuration is known as long as the modules are being found: Nix recurses
    /// infinitely there.
    pub(crate) fn ready(&self, ev: &Evaluator<'a>) -> Eval<'a, ()> {
        match self.collecting.get() {
            true => Err(ev.unknown(Reason::Imports, None)),
            false => Ok(()),
        }
    }

    /// The root of the tree of options.
    pub fn root(&'a self, ev: &Evaluator<'a>) -> &'a Node<'a> {
        if let Some(known) = ev.recall(&self.root) {
            return known;
        }
        ev.remember(&self.root, || self.compute_root(ev))
    }

    fn compute_root(&'a self, ev: &Evaluator<'a>) -> &'a Node<'a> {
        if self.template.is_some() {
            let definitions: Vec<RawDefinition<'a>> = self
                .sources
                .iter()
                .rev()
                .filter_map(|source| match source {
                    Source::Config(definition) => Some(*definition),
                    _ => None,
                })
                .collect();
            let definitions = ev.arena.alloc_slice_copy(&definitions);
            let root = Node::new(ev, self, self.path, &[], definitions, self.opaque);
            let _ = self.root.set(root);
            return root;
        }
        let collected = self.collected(ev);
        let mut declarations = Vec::new();
        let mut definitions = Vec::new();
        // nixpkgs merges the modules in reverse of the order in which it found them.
        for module in collected.modules.iter().rev() {
            declarations.extend(module.declaration());
            definitions.extend_from_slice(module.config);
        }
        let declarations = ev.arena.alloc_slice_copy(&declarations);
        let definitions = ev.arena.alloc_slice_copy(&definitions);
        let root = Node::new(ev, self, self.path, declarations, definitions, collected.opaque);
        if !self.collecting.get() {
            let _ = self.root.set(root);
        }
        root
    }

    pub(crate) fn template(&self) -> Option<&'a Template<'a>> {
        self.template
    }

    /// Whether a module asked for the name, the configuration or the like of this member.
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.get()
    }

    /// The declaration of an option of the submodule's own modules, for this member.
    pub(crate) fn declaration(&'a self, ev: &Evaluator<'a>, name: Symbol) -> Eval<'a> {
        for module in self.collected(ev).modules {
            let Some(options) = module.options else { continue };
            if let Some(attr) = ev.force_attrs(options)?.get(name) {
                return ev.force(attr.value);
            }
        }
        Err(ev.unknown(Reason::Recursion, None))
    }

    /// The node at a path below the root, when something is declared or defined there.
    pub fn node(&'a self, ev: &Evaluator<'a>, path: &[Symbol]) -> Option<&'a Node<'a>> {
        self.try_node(ev, path).ok().flatten()
    }

    fn try_node(&'a self, ev: &Evaluator<'a>, path: &[Symbol]) -> Eval<'a, Option<&'a Node<'a>>> {
        let mut node = self.root(ev);
        for name in path {
            match node.try_child(ev, *name)? {
                Some(child) => node = child,
                None => return Ok(None),
            }
        }
        Ok(Some(node))
    }

    /// `options`, for those outside.
    pub(crate) fn checked_options(&'a self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        ev.lazy(move |ev| {
            if self.is_own() {
                self.check(ev)?;
            }
            ev.force(self.options(ev))
        })
    }

    /// `options`
    pub(crate) fn options(&'a self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        let modules = self.collected(ev).modules.iter().rev();
        let declarations = modules.filter_map(|module| module.declaration());
        let declarations = ev.arena.alloc_slice_copy(&declarations.collect::<Vec<_>>());
        options_value(ev, self, self.path, declarations)
    }

    /// The node at an absolute path.
    pub(crate) fn node_at(&'a self, ev: &Evaluator<'a>, path: &Path<'a>) -> Eval<'a, &'a Node<'a>> {
        let segments = path.segments();
        match self.try_node(ev, &segments[self.path.segments().len()..])? {
            Some(node) => Ok(node),
            None => Err(ev.unknown(Reason::Recursion, None)),
        }
    }

    pub(crate) fn option_at(
        &'a self,
        ev: &Evaluator<'a>,
        path: &Path<'a>,
    ) -> Eval<'a, &'a OptionDecl<'a>> {
        match self.node_at(ev, path)?.option(ev) {
            Some(option) => Ok(option),
            None => Err(ev.unknown(Reason::Recursion, None)),
        }
    }

    /// Whether a path's first segment belongs to NixOS itself.
    pub fn is_nixos_path(path: &[Symbol]) -> bool {
        path.first().is_none_or(|name| foreign::is_nixos_namespace(name.as_str()))
    }
}
