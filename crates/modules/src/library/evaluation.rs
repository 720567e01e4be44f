//! `lib.evalModules`, called by the repository itself.

use std::cell::OnceCell;

use nixpact_eval::{Args, Attr, Attrs, Builtin, Eval, Evaluator, Reason, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::types::type_value;
use crate::universe::Universe;

fn entry<'a>(name: Symbol, value: &'a Thunk<'a>) -> Attr<'a> {
    Attr { name, value, span: None }
}

/// What `lib.evalModules` and `lib.nixosSystem` were called with stands in `_arguments`, for
/// [`crate::flake_hosts`].
pub(crate) fn eval_modules<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let arguments = args[0];
    ev.note(arguments);
    // One for both.
    let universe: &OnceCell<&'a Universe<'a>> = ev.arena.alloc(OnceCell::new());
    let universe = move |ev: &Evaluator<'a>| match ev.recall(universe) {
        Some(known) => Ok(*known),
        None => {
            let made = ev.remember(universe, || crate::hosts::universe_of(ev, arguments))?;
            Ok(*universe.get_or_init(|| made))
        }
    };
    let config = ev.lazy(move |ev| ev.force(universe(ev)?.config(ev)));
    let options = ev.lazy(move |ev| ev.force(universe(ev)?.options(ev)));
    let attrs = vec![
        entry(*names::CONFIG, config),
        entry(*names::OPTIONS, options),
        entry(*names::TYPE_TAG, ev.value(Value::Str("configuration"))),
        ev.attr("_arguments", arguments),
        ev.attr("extendModules", ev.value(ev.partial(&EXTEND_MODULES, &[arguments]))),
        entry(*names::TYPE, ev.lazy(move |ev| own_type(ev, arguments))),
    ];
    let rest = ev.unknown_ref(Reason::Unsupported("this attribute of a configuration"), None);
    Ok(Value::Attrs(ev.open_attrs(attrs, Some(rest))))
}

/// The arguments of the evaluation, and those of `extendModules`.
static EXTEND_MODULES: Builtin = Builtin { name: "extendModules", arity: 2, run: extend_modules };

fn extend_modules<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (old, new) = (ev.force_attrs(args[0])?, ev.force_closed_attrs(args[1])?);
    let field = |name: &'static str, nothing: Value<'a>| {
        let of = |attrs: &Attrs<'a>| {
            attrs.get(Symbol::new(name)).map_or_else(|| ev.value(nothing), |attr| attr.value)
        };
        [of(old), of(new)]
    };
    let modules = field("modules", ev.list(&[]));
    let special = field("specialArgs", Value::Attrs(ev.attrs(Vec::new())));
    let more = vec![
        ev.attr(
            "modules",
            ev.lazy(move |ev| ev.builtin("concatLists", &[ev.value(ev.list(&modules))])),
        ),
        ev.attr(
            "specialArgs",
            ev.lazy(move |ev| {
                let [old, new] = special;
                Ok(Value::Attrs(ev.update_attrs(ev.force_attrs(old)?, ev.force_attrs(new)?)))
            }),
        ),
    ];
    let arguments = ev.value(Value::Attrs(ev.update_attrs(old, ev.attrs(more))));
    eval_modules(ev, ev.arena.alloc_slice_copy(&[arguments]))
}

/// The type of submodules with the same modules.
fn own_type<'a>(ev: &Evaluator<'a>, arguments: &'a Thunk<'a>) -> Eval<'a> {
    let arguments = ev.force_closed_attrs(arguments)?;
    let field = |name| {
        arguments.get(Symbol::new(name)).map_or_else(|| ev.value(Value::Null), |attr| attr.value)
    };
    let shorthand = ev.value(Value::Bool(false));
    let payload = [field("modules"), field("specialArgs"), shorthand, field("class")];
    Ok(type_value(ev, "submodule", &payload))
}
