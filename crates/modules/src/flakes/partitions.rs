//! Partitions of flake-parts: outputs that are evaluated apart, with modules and inputs of their own
//! (`extras/partitions.nix` of flake-parts).

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, External, Reason, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::collect::Source;
use crate::inputs::{declared_inputs, flake_file};
use crate::node::Node;
use crate::property::DEFAULT_PRIORITY;
use crate::universe::{Special, Universe};

const PARTITIONS: &str = "partitions";
const EXTRA_INPUTS: &str = "extraInputs";

/// The outputs that `partitionedAttrs` takes from a partition.
pub(crate) fn outputs<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Vec<Attr<'a>> {
    let Some(partitioned) = universe.node(ev, &[Symbol::new("partitionedAttrs")]) else {
        return Vec::new();
    };
    let output = |(name, node): &(Symbol, &'a Node<'a>)| {
        let (name, partition) = (*name, node.value(ev));
        let value = ev.lazy(move |ev| {
            let partition = Symbol::new(ev.force_str(partition)?);
            output(ev, universe, partition, name)
        });
        Attr { name, value, span: None }
    };
    partitioned.children(ev).iter().map(output).collect()
}

/// An output of the flake's modules together with those of a partition.
fn output<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    partition: Symbol,
    name: Symbol,
) -> Eval<'a> {
    let path = [Symbol::new(PARTITIONS), partition, Symbol::new("module")];
    let modules = universe.node(ev, &path).map_or(&[][..], |node| node.definitions);
    let modules = modules.iter().map(|raw| Source::Module(raw.value, raw.file));
    let special = universe.special;
    let (inputs, itself) = arguments(ev, universe, partition);
    let own = ev.attrs(vec![ev.attr("inputs", inputs), ev.attr("self", itself)]);
    let args = ev.update_attrs(special.args, own);
    let sources: Vec<Source<'a>> = universe.sources().iter().copied().chain(modules).collect();
    let whole = Universe::flake(ev, &sources, Special { args, ..special });
    let config = ev.force(whole.config(ev))?;
    let outputs = ev.select(config, Symbol::new("flake"))?.map(|outputs| ev.force(outputs));
    match outputs.transpose()?.map(|outputs| ev.select(outputs, name)).transpose()?.flatten() {
        Some(value) => ev.force(value),
        None => {
            let message = format!("the partition '{partition}' has no output '{name}'");
            ev.error(nixpact_eval::ErrorKind::MissingAttribute, message)
        }
    }
}

/// The arguments `inputs` and `self` of a partition's modules: each has the other.
fn arguments<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    partition: Symbol,
) -> (&'a Thunk<'a>, &'a Thunk<'a>) {
    let given = move |ev: &Evaluator<'a>, name| match universe.special.args.get(Symbol::new(name)) {
        Some(given) => ev.force_attrs(given.value),
        None => Ok(ev.attrs(Vec::new())),
    };
    let inputs = ev.lazy(move |ev| {
        let (_, itself) = arguments(ev, universe, partition);
        let all = ev.update_attrs(given(ev, "inputs")?, extra_inputs(ev, universe, partition)?);
        Ok(Value::Attrs(ev.update_attrs(all, ev.attrs(vec![ev.attr("self", itself)]))))
    });
    let itself = ev.lazy(move |ev| {
        let own = ev.attrs(vec![ev.attr("inputs", inputs)]);
        Ok(Value::Attrs(ev.update_attrs(given(ev, "self")?, own)))
    });
    (inputs, itself)
}

/// The option `partitions.NAME.extraInputs`: the inputs of the flake that `extraInputsFlake` names, and what
/// modules add to them.
fn extra_inputs<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    partition: Symbol,
) -> Eval<'a, &'a Attrs<'a>> {
    let node = |option: &str| {
        let path = [Symbol::new(PARTITIONS), partition, Symbol::new(option)];
        universe.node(ev, &path)
    };
    let mut definitions = Vec::new();
    let mut unknown = None;
    if let Some(flake) = node("extraInputsFlake") {
        let inputs = flake_inputs(ev, ev.force(flake.value(ev))?)?;
        definitions.push((DEFAULT_PRIORITY, ev.attrs(inputs.to_vec())));
    }
    if let Some(node) = node(EXTRA_INPUTS) {
        for definition in node.given(ev) {
            unknown = unknown.or(definition.condition);
            definitions.push((definition.priority, ev.force_attrs(definition.value)?));
        }
        unknown = unknown.or_else(|| node.opaque(ev));
    }
    if let Some(unknown) = unknown {
        return Ok(ev.open_attrs(Vec::new(), Some(unknown)));
    }
    let highest = definitions.iter().map(|(priority, _)| *priority).min();
    definitions.retain(|(priority, _)| Some(*priority) == highest);
    let rest = definitions.iter().find_map(|(_, inputs)| inputs.rest);
    let all = definitions.iter().flat_map(|(_, inputs)| inputs.unordered());
    let mut entries: Vec<Attr<'a>> = Vec::new();
    for input in all {
        match entries.iter_mut().find(|known| known.name == input.name) {
            // Of an input that several define, Nix takes none.
            Some(known) => {
                let text = ev.arena.alloc_str(&format!("inputs.{}", input.name));
                known.value = ev.external(External::Input, text);
            }
            None => entries.push(*input),
        }
    }
    Ok(ev.open_attrs(entries, rest))
}

/// The inputs that another flake of the repository names.
fn flake_inputs<'a>(ev: &Evaluator<'a>, flake: Value<'a>) -> Eval<'a, &'a [Attr<'a>]> {
    let path = flake_file(ev.to_path(flake)?);
    let file = ev.import_id(ev.arena.alloc_str(&path))?;
    let flake: &'a Attrs<'a> = ev.force_attrs(ev.file(file))?;
    match declared_inputs(ev, flake, false) {
        Some(inputs) => Ok(inputs),
        None => Err(ev.unknown(Reason::External(External::Input, "inputs"), None)),
    }
}

/// The place of a partition among the modules has its inputs, whether a module defines them or not.
pub(crate) fn complete<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, entries: &mut Vec<Attr<'a>>) {
    if !node.universe.is_flake() {
        return;
    }
    let [first, partition] = node.path.segments()[..] else { return };
    if first.as_str() != PARTITIONS {
        return;
    }
    let universe = node.universe;
    let value = ev.lazy(move |ev| extra_inputs(ev, universe, partition).map(Value::Attrs));
    entries.retain(|entry| entry.name.as_str() != EXTRA_INPUTS);
    entries.push(ev.attr(EXTRA_INPUTS, value));
}
