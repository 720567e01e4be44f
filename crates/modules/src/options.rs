//! The value of `options`, which depends on declarations alone: modules may ask in their very
//! structure whether an option exists.

use nixpact_eval::{Attr, ErrorKind, Evaluator, Reason, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::node::{Path, RawDeclaration, is_option, rest_of};
use crate::universe::Universe;

/// The part of `options` below a path.
pub(crate) fn options_value<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
    declarations: &'a [RawDeclaration<'a>],
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let mut below: Vec<(Symbol, Vec<RawDeclaration<'a>>)> = Vec::new();
        for declaration in declarations {
            let attrs = ev.force_attrs(declaration.value)?;
            if is_option(ev, attrs) {
                return Ok(option(ev, universe, path, attrs.get(*names::DEFAULT)));
            }
            for attr in attrs.unordered() {
                let raw = RawDeclaration { value: attr.value, span: attr.span };
                match below.iter_mut().find(|(name, _)| *name == attr.name) {
                    Some((_, known)) => known.push(raw),
                    None => below.push((attr.name, vec![raw])),
                }
            }
        }
        let entries = below.iter().map(|(name, raw)| {
            let raw = ev.arena.alloc_slice_copy(raw);
            let value = options_value(ev, universe, path.child(ev, *name), raw);
            Attr { name: *name, value, span: None }
        });
        Ok(Value::Attrs(ev.open_attrs(entries.collect(), rest_of(ev, universe, path))))
    })
}

fn option<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
    default: Option<&Attr<'a>>,
) -> Value<'a> {
    let is_defined = ev.lazy(move |ev| {
        let state = universe.option_at(ev, path)?.slot.state(ev);
        match (state.active, state.undecided) {
            ([], Some(unknown)) => Err(Stop::Unknown(unknown)),
            (active, _) => Ok(Value::Bool(!active.is_empty())),
        }
    });
    let priority = ev.lazy(move |ev| {
        let state = universe.option_at(ev, path)?.slot.state(ev);
        match (state.active, state.undecided) {
            (_, Some(unknown)) => Err(Stop::Unknown(unknown)),
            ([first, ..], None) => Ok(Value::Int(first.priority)),
            ([], None) => ev.error(ErrorKind::Other, "the option is not defined"),
        }
    });
    let value = ev.lazy(move |ev| ev.force(universe.node_at(ev, path)?.value(ev)));
    let mut entries = vec![
        ev.attr("_type", ev.value(Value::Str("option"))),
        ev.attr("isDefined", is_defined),
        ev.attr("highestPrio", priority),
        ev.attr("value", value),
    ];
    entries.extend(default.copied());
    let rest = ev.unknown_ref(Reason::Unsupported("this attribute of an option"), None);
    Value::Attrs(ev.open_attrs(entries, Some(rest)))
}
