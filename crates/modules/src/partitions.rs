//! Partitions of flake-parts: outputs that are evaluated apart, with modules and inputs of their own
//! (`extras/partitions.nix` of flake-parts).

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, Value};
use nixpact_syntax::Symbol;

use crate::collect::Source;
use crate::inputs::{declared_inputs, flake_file};
use crate::universe::{Special, Universe};

/// The outputs that `partitionedAttrs` takes from a partition.
pub(crate) fn outputs<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Vec<Attr<'a>> {
    let Some(partitioned) = universe.node(ev, &[Symbol::new("partitionedAttrs")]) else {
        return Vec::new();
    };
    let output = |(name, node): &(Symbol, &'a crate::Node<'a>)| {
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
    let place = |option: &str| {
        let path = [Symbol::new("partitions"), partition, Symbol::new(option)];
        universe.node(ev, &path)
    };
    let modules = place("module").map_or(&[][..], |node| node.definitions);
    let modules = modules.iter().map(|raw| Source::Module(raw.value, raw.file));
    let special = universe.special;
    let mut inputs = match special.args.get(Symbol::new("inputs")) {
        Some(inputs) => ev.force_attrs(inputs.value)?,
        None => ev.attrs(Vec::new()),
    };
    if let Some(flake) = place("extraInputsFlake") {
        let extra = extra_inputs(ev, ev.force(flake.value(ev))?)?;
        inputs = ev.update_attrs(inputs, ev.attrs(extra.to_vec()));
    }
    let inputs = ev.attr("inputs", ev.value(Value::Attrs(inputs)));
    let args = ev.update_attrs(special.args, ev.attrs(vec![inputs]));
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

/// The inputs that another flake of the repository names.
fn extra_inputs<'a>(ev: &Evaluator<'a>, flake: Value<'a>) -> Eval<'a, &'a [Attr<'a>]> {
    let path = flake_file(ev.to_path(flake)?);
    let file = ev.import_id(ev.arena.alloc_str(&path))?;
    let flake: &'a Attrs<'a> = ev.force_attrs(ev.file(file))?;
    Ok(declared_inputs(ev, flake, false).unwrap_or_default())
}
