//! Evaluations of modules that are no host: those that the repository calls `lib.evalModules` for
//! itself, and the nodes of its NixOS tests.

use nixpact_eval::{Attr, Attrs, Evaluator, External, Reason, Stop, Thunk, Unknown, Value};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;

use crate::collect::Source;
use crate::inputs::flake_inputs;
use crate::system;
use crate::universe::Universe;

/// An evaluation of modules that is no host.
pub struct Evaluation<'a> {
    pub universe: &'a Universe<'a>,
    /// The name of the node, in a NixOS test.
    pub node: Option<Symbol>,
    /// Where its modules are given.
    pub span: Span,
    /// Where it is called for: a function may evaluate many modules.
    pub call: Span,
    /// What the test, and the attributes and variables around it, are called.
    pub names: Vec<String>,
}

/// The evaluations that a file calls for, whether or not its value needs them.
///
/// Where the file is a function, it is called with the arguments of a NixOS module.
pub fn evaluations<'a>(ev: &Evaluator<'a>, file: FileId) -> Vec<Evaluation<'a>> {
    let mut found = Vec::new();
    for call in ev.calls(file, file_arguments(ev)) {
        let names = call.names.iter().map(Symbol::to_string).collect();
        of_value(ev, call.value, Some(call.span), names, &mut found);
    }
    let value = ev.lazy(move |ev| ev.call_with(ev.force(ev.file(file))?, file_arguments(ev)));
    // What another file passes on to the function that makes tests.
    if let Ok(Value::Attrs(attrs)) = ev.force(value)
        && ["nodes", "testScript"].iter().all(|name| attrs.get(Symbol::new(name)).is_some())
    {
        let span = ev.written(ev.file(file)).unwrap_or(Span::new(file, 0, 0));
        test(ev, value, (span, span), Vec::new(), &mut found);
    }
    found
}

/// The checks of the flake whose outputs are known, for one system, sorted by name.
pub fn flake_checks<'a>(ev: &Evaluator<'a>) -> Vec<Attr<'a>> {
    let checks = || {
        let checks = member(ev, ev.outputs()?, "checks")?;
        let systems = ev.force_attrs(checks).ok()?.sorted();
        Some(ev.force_attrs(usual_system(&systems)?.value).ok()?.sorted())
    };
    checks().unwrap_or_default()
}

/// The evaluations behind one of them.
pub fn check_evaluations<'a>(ev: &Evaluator<'a>, check: &Attr<'a>) -> Vec<Evaluation<'a>> {
    let mut found = Vec::new();
    of_value(ev, check.value, check.span, vec![check.name.to_string()], &mut found);
    found
}

fn usual_system<'s, 'a>(systems: &'s [Attr<'a>]) -> Option<&'s Attr<'a>> {
    systems.iter().find(|system| system.name.as_str() == "x86_64-linux").or(systems.first())
}

/// A system, the names of the flake's `checks` for it, and where these are written; `None` where there may
/// be more of them.
pub fn flake_check_names<'a>(ev: &Evaluator<'a>) -> Option<(String, Vec<Symbol>, Option<Span>)> {
    let outputs = ev.force_closed_attrs(ev.outputs()?).ok()?;
    let Some(checks) = outputs.get(Symbol::new("checks")) else {
        return Some(("x86_64-linux".to_owned(), Vec::new(), None));
    };
    let systems = ev.force_closed_attrs(checks.value).ok()?.sorted();
    let Some(system) = usual_system(&systems) else {
        return Some(("x86_64-linux".to_owned(), Vec::new(), checks.span));
    };
    let checks = ev.force_closed_attrs(system.value).ok()?;
    let names = checks.sorted().iter().map(|check| check.name).collect();
    Some((system.name.to_string(), names, system.span.or(ev.origin(system.value).span)))
}

fn member<'a>(ev: &Evaluator<'a>, set: &'a Thunk<'a>, name: &str) -> Option<&'a Thunk<'a>> {
    let value = ev.force(set).ok()?;
    ev.select(value, Symbol::new(name)).ok().flatten()
}

/// What files of tests are called with as a rule: `lib`, `pkgs`, and the inputs of the flake.
fn file_arguments<'a>(ev: &Evaluator<'a>) -> &'a Attrs<'a> {
    let mut entries = vec![
        ev.attr("lib", ev.value(ev.lib())),
        ev.attr("pkgs", ev.external(External::Packages, "pkgs")),
    ];
    let flake = ev.sources.id("flake.nix").map(|flake| ev.force_attrs(ev.file(flake)));
    if let Some(Ok(flake)) = flake {
        let inputs = flake_inputs(ev, flake);
        entries.push(ev.attr("inputs", inputs));
        let all = ev.force_attrs(inputs).map(Attrs::unordered).unwrap_or_default();
        entries.extend_from_slice(all);
    }
    let rest = ev.unknown_ref(Reason::External(External::Other, "arguments"), None);
    ev.open_attrs(entries, Some(rest))
}

/// Computes a value, and adds what was evaluated for it.
fn of_value<'a>(
    ev: &Evaluator<'a>,
    value: &'a Thunk<'a>,
    call: Option<Span>,
    names: Vec<String>,
    found: &mut Vec<Evaluation<'a>>,
) {
    ev.take_noted();
    let value = ev.force(value);
    for arguments in ev.take_noted() {
        let span = ev.origin(arguments).span;
        if let (Some(span), Ok(universe)) = (span, system::universe(ev, arguments)) {
            let (node, call, names) = (None, call.unwrap_or(span), names.clone());
            add(Evaluation { universe, node, span, call, names }, found);
        }
    }
    if let Err(Stop::Unknown(Unknown {
        reason: Reason::External(_, text),
        arguments: [argument, ..],
        ..
    })) = value
        && is_test_function(text)
        && let Some(span) = ev.origin(argument).span
    {
        test(ev, argument, (span, call.unwrap_or(span)), names, found);
    }
}

/// An evaluation that several calls inside of each other lead to counts once.
fn add<'a>(evaluation: Evaluation<'a>, found: &mut Vec<Evaluation<'a>>) {
    let holds = |outer: Span, inner: Span| {
        outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
    };
    let same = |known: &Evaluation<'a>| {
        known.span == evaluation.span
            && known.node == evaluation.node
            && (holds(known.call, evaluation.call) || holds(evaluation.call, known.call))
    };
    if !found.iter().any(same) {
        found.push(evaluation);
    }
}

fn is_test_function(text: &str) -> bool {
    let name = text.rsplit('.').next().unwrap_or(text);
    matches!(name, "makeTest" | "nixosTest" | "runNixOSTest" | "runTest")
}

/// Adds the nodes of a NixOS test, which is a module itself, or a function that gives one.
fn test<'a>(
    ev: &Evaluator<'a>,
    argument: &'a Thunk<'a>,
    (span, call): (Span, Span),
    mut names: Vec<String>,
    found: &mut Vec<Evaluation<'a>>,
) {
    let test = nodes_universe(ev, &[Source::Module(argument, Some(span.file))], None);
    let defined = |name: &str| test.node(ev, &[Symbol::new(name)]);
    let value = |path: &[&str]| {
        let path: Vec<Symbol> = path.iter().map(|name| Symbol::new(name)).collect();
        test.node(ev, &path).map(|node| node.value(ev))
    };
    names.extend(value(&["name"]).and_then(|name| ev.force_str(name).ok()).map(str::to_owned));
    let special = value(&["node", "specialArgs"]);
    let always: Vec<Source<'a>> = defined("defaults").map_or_else(Vec::new, sources);
    let mut add_node = |name: Symbol, node: &'a crate::Node<'a>| {
        let sources = [&always[..], &sources(node)].concat();
        let universe = nodes_universe(ev, &sources, special);
        let (node, names) = (Some(name), names.clone());
        add(Evaluation { universe, node, span, call, names }, found);
    };
    for place in ["nodes", "containers"] {
        for (name, node) in defined(place).map_or(&[][..], |nodes| nodes.children(ev)) {
            add_node(*name, node);
        }
    }
    if let Some(machine) = defined("machine") {
        add_node(Symbol::new("machine"), machine);
    }
}

/// The definitions of a node, as modules. Those that may not be there are left out.
fn sources<'a>(node: &'a crate::Node<'a>) -> Vec<Source<'a>> {
    let certain = node.definitions.iter().filter(|raw| !raw.is_possible() && raw.guard.is_none());
    certain.map(|raw| Source::Module(raw.value, raw.file)).collect()
}

/// Modules whose special arguments may be others than the given ones.
fn nodes_universe<'a>(
    ev: &Evaluator<'a>,
    sources: &[Source<'a>],
    special: Option<&'a Thunk<'a>>,
) -> &'a Universe<'a> {
    let given = special.and_then(|args| ev.force_attrs(args).ok());
    let given = given.map_or_else(Vec::new, |args| args.unordered().to_vec());
    Universe::of_modules(ev, sources, given)
}
