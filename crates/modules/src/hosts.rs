//! The hosts of a repository: the `nixosConfigurations` of its flake and the nodes of its hive, or without a flake
//! what [some files](without_flake) have.

mod elsewhere;
mod without_flake;

pub use without_flake::{HIVE, hosts_without_flake};

use nixpact_eval::{
    Attr, Attrs, ErrorKind, Eval, Evaluator, NixError, Reason, Stop, Thunk, Unknown, Value,
};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;

use crate::class::Class;
use crate::collect::{Source, chosen};
use crate::flakes::colmena;
use crate::flakes::flake_parts;
use crate::inputs::{flake_inputs, outputs};
use crate::library::evaluation;
use crate::names;
use crate::path::Path;
use crate::system;
use crate::universe::{Special, Universe};

/// A machine that the repository configures.
pub struct Host<'a> {
    pub name: Symbol,
    pub universe: &'a Universe<'a>,
    /// Where its configuration is written.
    pub span: Option<Span>,
}

/// What `lib.evalModules` takes, and the mark of a `lib` that was extended.
const EVAL_MODULES: &[&str] =
    &["modules", "specialArgs", "prefix", "class", "args", "check", "_lib"];

/// The universe of `lib.evalModules`, which has no modules but those of its arguments.
pub(crate) fn evaluation_of<'a>(
    ev: &Evaluator<'a>,
    arguments: &'a Thunk<'a>,
) -> Eval<'a, &'a Universe<'a>> {
    let arguments = ev.force_attrs(arguments)?;
    ev.refuse_others(arguments, "evalModules", EVAL_MODULES)?;
    if arguments.get(Symbol::new("modules")).is_none() && arguments.rest.is_none() {
        let message = "function 'evalModules' called without required argument 'modules'";
        return ev.error(ErrorKind::Type, message);
    }
    let mut prefix = Path::root(ev);
    if let Some(given) = arguments.get(*names::PREFIX) {
        let given = ev.force_list(given.value)?;
        if let Some(unknown) = given.rest {
            return Err(Stop::Unknown(unknown));
        }
        for name in given.items {
            prefix = prefix.child(ev, Symbol::new(ev.force_str(name)?));
        }
    } else if arguments.may_have(*names::PREFIX) {
        prefix = prefix.child(ev, Symbol::new("‹prefix›")).guessed(ev);
    }
    let (sources, special) = given(ev, arguments)?;
    Ok(Universe::evaluation(ev, prefix, &sources, special))
}

/// The modules and the special arguments that are given to an evaluation.
pub(crate) fn given<'a>(
    ev: &Evaluator<'a>,
    arguments: &'a Attrs<'a>,
) -> Eval<'a, (Vec<Source<'a>>, Special<'a>)> {
    let field = |name: &str| arguments.get(Symbol::new(name)).map(|attr| attr.value);
    let may_have = |name| arguments.may_have(Symbol::new(name));
    let mut unknown = arguments.rest;
    let mut sources = Vec::new();
    // NixOS takes more of them, which come first.
    for modules in ["extraModules", "modules"].into_iter().filter_map(field) {
        match ev.force(modules) {
            Ok(Value::List(list)) => {
                sources.extend(list.items.iter().map(|module| Source::Module(module, None)));
                unknown = unknown.or(list.rest.map(|rest| chosen(ev, rest, modules)));
            }
            Err(Stop::Unknown(reason)) => unknown = Some(chosen(ev, reason, modules)),
            Err(error) => return Err(error),
            Ok(other) => return ev.type_error(other, "a list"),
        }
    }
    // The old ways to pass arguments, as a module; and that to leave out what has no declaration.
    let old = [("args", *names::ARGS), ("extraArgs", *names::ARGS), ("check", *names::CHECK)];
    for (given, name) in old {
        let Some(value) = field(given) else { continue };
        let given = Attr { name, value, span: None };
        let module = ev.value(Value::Attrs(ev.attrs(vec![given])));
        let module = Attr { name: *names::MODULE, value: module, span: None };
        let module = ev.value(Value::Attrs(ev.attrs(vec![module])));
        sources.push(Source::Module(module, None));
    }
    let args = match field("specialArgs").map(|args| ev.force(args)) {
        Some(Ok(Value::Attrs(args))) => args,
        Some(Err(Stop::Unknown(reason))) => ev.open_attrs(Vec::new(), Some(reason)),
        Some(Err(error)) => return Err(error),
        Some(Ok(other)) => return ev.type_error(other, "a set"),
        None => ev.open_attrs(Vec::new(), arguments.rest.filter(|_| may_have("specialArgs"))),
    };
    let class = match field("class") {
        None if may_have("class") => Class::Unknown,
        class => Class::of(ev, class),
    };
    // `_lib` is what `lib.extend` made; NixOS takes `lib` for an argument.
    let lib = field("lib").or_else(|| field("_lib"));
    Ok((sources, Special { args, rest: unknown, class, lib }))
}

/// The hosts of a flake.
#[derive(Default)]
pub struct Hosts<'a> {
    /// Sorted by name.
    pub known: Vec<Host<'a>>,
    /// Why there may be others, or some could not be followed.
    pub unknown: Option<&'a Unknown<'a>>,
    /// For which errors Nix does not evaluate others.
    pub failed: Vec<&'a NixError<'a>>,
}

/// The hosts of the flake in `file`; an error says why nothing is known of them.
pub fn flake_hosts<'a>(ev: &Evaluator<'a>, file: FileId) -> Eval<'a, Hosts<'a>> {
    let flake = ev.force_attrs(ev.file(file))?;
    let get = |attrs: &'a Attrs<'a>, name: &str| ev.select(Value::Attrs(attrs), Symbol::new(name));
    let Some(function) = get(flake, "outputs")? else { return Ok(Hosts::default()) };
    let outputs = outputs(ev, function, flake_inputs(ev, flake), file);
    ev.set_outputs(outputs);
    let outputs = ev.force_attrs(outputs)?;
    let mut hosts = Hosts::default();
    let mut stop = None;
    if let Some(configurations) = get(outputs, "nixosConfigurations")? {
        match ev.accepted_attrs(configurations) {
            Ok(configurations) => hosts.add(ev, configurations),
            Err(why) => stop = Some(why),
        }
    }
    // Packages of systems are not evaluated without need.
    if hosts.known.is_empty() {
        for configurations in below_systems(ev, outputs) {
            hosts.add_others(ev, configurations);
        }
    }
    // A hive usually has the same machines.
    match colmena::nodes(ev, outputs) {
        Ok(Some(nodes)) => hosts.add_others(ev, nodes),
        Ok(None) => {}
        Err(Stop::Unknown(unknown)) => hosts.unknown = hosts.unknown.or(Some(unknown)),
        Err(Stop::Error(error)) => hosts.failed.push(error),
    }
    hosts.unknown = hosts.unknown.filter(|unknown| !is_of_tools(unknown));
    match stop {
        Some(Stop::Unknown(unknown)) if is_of_tools(unknown) => {}
        Some(Stop::Unknown(unknown)) if !hosts.known.is_empty() => hosts.unknown = Some(unknown),
        Some(stop) => return Err(stop),
        None => {}
    }
    Ok(hosts)
}

/// The outputs for each system in which Nix looks for `nixosConfigurations` first, as `nixos-rebuild` has it build
/// them (`getDefaultFlakeAttrPathPrefixes`).
const OF_SYSTEMS: [&str; 2] = ["packages", "legacyPackages"];

/// The system whose configurations count where several have one of a name.
const FIRST_SYSTEM: &str = "x86_64-linux";

/// The `nixosConfigurations` among what a flake has for systems, as far as it is known.
fn below_systems<'a>(ev: &Evaluator<'a>, outputs: &'a Attrs<'a>) -> Vec<&'a Attrs<'a>> {
    let set = |attrs: &'a Attrs<'a>, name: &str| {
        let value = attrs.get(Symbol::new(name))?.value;
        ev.accepted_attrs(value).ok()
    };
    let mut found = Vec::new();
    for output in OF_SYSTEMS {
        let Some(systems) = set(outputs, output) else { continue };
        let mut names = systems.sorted();
        names.sort_by_key(|system| system.name.as_str() != FIRST_SYSTEM);
        let of_system = names.iter().filter_map(|system| ev.force_attrs(system.value).ok());
        found.extend(of_system.filter_map(|system| set(system, "nixosConfigurations")));
    }
    found
}

/// Whether only modules of flake-parts that make no hosts, if any, could define more of the outputs.
fn is_of_tools(unknown: &Unknown<'_>) -> bool {
    matches!(unknown.reason, Reason::ForeignOption(_))
        && unknown.cause.is_none_or(flake_parts::is_tool)
}

/// Where a flake defines its `outputs`.
pub fn outputs_span(ev: &Evaluator<'_>, file: FileId) -> Option<Span> {
    ev.force_attrs(ev.file(file)).ok()?.get(Symbol::new("outputs"))?.span
}

impl<'a> Hosts<'a> {
    fn add(&mut self, ev: &Evaluator<'a>, configurations: &'a Attrs<'a>) {
        self.unknown = self.unknown.or(configurations.rest);
        for Attr { name, value, span } in configurations.sorted() {
            match configuration(ev, value) {
                Ok(Some(universe)) => self.known.push(Host { name, universe, span }),
                // It is none of NixOS'.
                Ok(None) => {}
                Err(Stop::Unknown(unknown)) => self.unknown = Some(unknown),
                Err(Stop::Error(error)) => self.failed.push(error),
            }
        }
    }

    /// Adds those of whose name there is none yet.
    fn add_others(&mut self, ev: &Evaluator<'a>, configurations: &'a Attrs<'a>) {
        let is_new = |attr: &Attr<'a>| self.known.iter().all(|host| host.name != attr.name);
        let others: Vec<_> = configurations.unordered().iter().copied().filter(is_new).collect();
        self.add(ev, ev.open_attrs(others, configurations.rest));
        self.known.sort_by_key(|host| host.name.as_str());
    }
}

/// The universe of one of the `nixosConfigurations`; none where it is something else.
fn configuration<'a>(
    ev: &Evaluator<'a>,
    value: &'a Thunk<'a>,
) -> Eval<'a, Option<&'a Universe<'a>>> {
    let why = match ev.accepted(value) {
        Ok(Value::Attrs(attrs)) => match (evaluation::arguments(attrs), attrs.rest) {
            (Some(arguments), _) => return system::universe(ev, arguments).map(Some),
            // Something may have been added to it.
            (None, Some(rest)) => rest,
            (None, None) => return Ok(None),
        },
        Err(Stop::Unknown(why)) => why,
        Ok(_) => return Ok(None),
        Err(stop) => return Err(stop),
    };
    let (Reason::External(_, text), [argument, ..]) = (why.reason, why.arguments) else {
        return Err(Stop::Unknown(why));
    };
    let universe = match elsewhere::arguments(ev, text, argument) {
        Some(arguments) => system::universe(ev, arguments),
        None => Err(Stop::Unknown(why)),
    };
    match universe {
        // What fails with arguments that it takes, as it seems, says nothing.
        Err(Stop::Error(_)) => Err(Stop::Unknown(why)),
        found => found.map(Some),
    }
}
