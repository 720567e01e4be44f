//! flake-utils: outputs of a flake for each system.
//!
//! Follows `lib.nix` of numtide/flake-utils in a pure evaluation, to which no system is the current one.

use nixpact_eval::{
    Args, Attr, Attrs, Builtin, Eval, Evaluator, External, Reason, Stop, Thunk, Unknown, Value,
};
use nixpact_syntax::Symbol;
use rustc_hash::FxHashMap;

use super::open_flake;

/// The systems that have been in `defaultSystems` of every version.
const DEFAULT: &[&str] = &["aarch64-linux", "x86_64-linux"];

/// Systems that have been in `allSystems` of every version.
const COMMON: &[&str] = &["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];

/// The value of an input that is flake-utils; `text` is what it is called. `is_usual` says that nobody gives
/// it other systems.
pub(crate) fn flake<'a>(ev: &Evaluator<'a>, text: &'a str, is_usual: bool) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let rest = |text: &str| {
            let reason = Reason::External(External::Input, ev.arena.alloc_str(text));
            Some(ev.unknown_ref(reason, None))
        };
        let known = if is_usual { DEFAULT } else { &[] };
        let known: Vec<_> = known.iter().map(|system| ev.value(Value::Str(system))).collect();
        let systems = ev.open_list(&known, rest(&format!("{text}.lib.defaultSystems")));
        let systems = ev.value(systems);
        let itself = |system: &&'static str| ev.attr(system, ev.value(Value::Str(system)));
        let by_name = COMMON.iter().map(itself).collect();
        let by_name = ev.open_attrs(by_name, rest(&format!("{text}.lib.system")));
        let mut functions = vec![
            ev.attr("defaultSystems", systems),
            ev.attr("system", ev.value(Value::Attrs(by_name))),
        ];
        for function in FUNCTIONS {
            let name = function.name.replace("each", "eachDefault");
            functions.push(ev.attr(function.name, ev.value(ev.partial(function, &[]))));
            functions.push(ev.attr(&name, ev.value(ev.partial(function, &[systems]))));
        }
        let lib = ev.open_attrs(functions, rest(&format!("{text}.lib")));
        let lib = ev.attr("lib", ev.value(Value::Attrs(lib)));
        open_flake(ev, Value::Attrs(ev.attrs(vec![lib])), text)
    })
}

/// Each takes a list of systems and a function of one. What is called `eachDefault…` takes the usual ones.
static FUNCTIONS: &[Builtin] = &[
    Builtin { name: "eachSystem", arity: 2, run: each_system },
    Builtin { name: "eachSystemMap", arity: 2, run: each_system_map },
    Builtin { name: "eachSystemPassThrough", arity: 2, run: each_system_pass_through },
];

/// What a function gives for the systems of a list.
struct Given<'a> {
    known: Vec<(Symbol, &'a Attrs<'a>)>,
    /// For a system that is not known, where the list has others than are known, and why that is.
    other: Option<(&'a Attrs<'a>, &'a Unknown<'a>)>,
    /// Why it is not known which attributes it gives.
    unknown: Option<&'a Unknown<'a>>,
}

impl<'a> Given<'a> {
    fn of(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a, Given<'a>> {
        let mut given = Given { known: Vec::new(), other: None, unknown: None };
        let call = |system| ev.force_attrs(ev.apply(args[1], &[system]));
        let systems = ev.force_list(args[0])?;
        for system in systems.items {
            let name = Symbol::new(ev.force_str(system)?);
            match call(*system) {
                Ok(attrs) => {
                    given.unknown = given.unknown.or(attrs.rest);
                    given.known.push((name, attrs));
                }
                Err(Stop::Unknown(unknown)) => given.unknown = Some(unknown),
                Err(error) => return Err(error),
            }
        }
        if let Some(rest) = systems.rest {
            match call(ev.external(External::Other, "system")) {
                Ok(attrs) => {
                    given.unknown = given.unknown.or(attrs.rest);
                    given.other = Some((attrs, rest));
                }
                Err(_) => given.unknown = Some(rest),
            }
        }
        Ok(given)
    }
}

/// `{ NAME.SYSTEM = (function SYSTEM).NAME; }`
fn each_system<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let Given { known, other, unknown } = Given::of(ev, args)?;
    let mut outputs: FxHashMap<Symbol, Vec<Attr<'a>>> = FxHashMap::default();
    for (system, attrs) in known {
        for attr in attrs.unordered() {
            let of_system = Attr { name: system, ..*attr };
            outputs.entry(attr.name).or_default().push(of_system);
        }
    }
    for attr in other.iter().flat_map(|(attrs, _)| attrs.unordered()) {
        outputs.entry(attr.name).or_default();
    }
    let rest = unknown.or(other.map(|(_, rest)| rest));
    let output = |(name, systems): (Symbol, Vec<Attr<'a>>)| {
        let span = systems.first().and_then(|attr| attr.span);
        let value = match name.as_str() {
            // Some versions put the systems into it, some around it.
            "hydraJobs" => ev.external(External::Other, "flake-utils.lib.eachSystem"),
            _ => ev.value(Value::Attrs(ev.open_attrs(systems, rest))),
        };
        Attr { name, value, span }
    };
    Ok(Value::Attrs(ev.open_attrs(outputs.into_iter().map(output).collect(), unknown)))
}

/// `{ SYSTEM = function SYSTEM; }`
fn each_system_map<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let systems = ev.force_list(args[0])?;
    let mut found = Vec::new();
    for system in systems.items {
        found.push(ev.attr(ev.force_str(system)?, ev.apply(args[1], &[*system])));
    }
    // The first of equal names counts.
    found.reverse();
    Ok(Value::Attrs(ev.open_attrs(found, systems.rest)))
}

/// `function SYSTEM // …`
fn each_system_pass_through<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let Given { known, other, unknown } = Given::of(ev, args)?;
    let mut all = ev.attrs(Vec::new());
    for (_, attrs) in known {
        all = ev.update_attrs(all, attrs);
    }
    if let Some((other, rest)) = other {
        // Which system comes last is not known.
        let hidden = |attr: &Attr<'a>| Attr { value: ev.stopped(Stop::Unknown(rest)), ..*attr };
        let names = other.unordered().iter().map(hidden);
        all = ev.update_attrs(all, ev.attrs(names.collect()));
    }
    match unknown {
        Some(unknown) => {
            Ok(Value::Attrs(ev.update_attrs(all, ev.open_attrs(vec![], Some(unknown)))))
        }
        None => Ok(Value::Attrs(all)),
    }
}
