//! `lib.evalModules`, called by the repository itself.

use std::cell::OnceCell;

use nixpact_eval::{Args, Attr, Attrs, Builtin, Eval, Evaluator, Reason, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::hosts::evaluation_of;
use crate::names;
use crate::system;
use crate::types::type_value;
use crate::universe::Universe;

fn entry<'a>(name: Symbol, value: &'a Thunk<'a>) -> Attr<'a> {
    Attr { name, value, span: None }
}

/// Why more is not known of what `lib.evalModules` gives, which has its arguments with it.
const REST: Reason<'static> = Reason::Unsupported("this attribute of a configuration");

/// What `lib.evalModules` or `lib.nixosSystem` was called with, from what it gave.
pub(crate) fn arguments<'a>(configuration: &Attrs<'a>) -> Option<&'a Thunk<'a>> {
    match configuration.rest {
        Some(Unknown { reason, arguments: [arguments], .. }) if *reason == REST => Some(arguments),
        _ => None,
    }
}

/// `lib.evalModules`
pub(crate) fn eval_modules<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let given = args[0];
    evaluate(ev, Arguments { given, whole: given }, evaluation_of, &EXTEND_EVALUATION)
}

/// `lib.nixosSystem`, whose modules NixOS' own join.
pub(crate) fn nixos_system<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let given = args[0];
    let whole = system::arguments(ev, given);
    evaluate(ev, Arguments { given, whole }, system::universe, &EXTEND_SYSTEM)
}

/// The arguments of the evaluation, and those of its `extendModules`.
const fn extend_modules(run: for<'a> fn(&Evaluator<'a>, Args<'a>) -> Eval<'a>) -> Builtin {
    Builtin { name: "extendModules", arity: 2, run }
}

static EXTEND_EVALUATION: Builtin =
    extend_modules(|ev, args| eval_modules(ev, extended(ev, args)?));
static EXTEND_SYSTEM: Builtin = extend_modules(|ev, args| nixos_system(ev, extended(ev, args)?));

struct Arguments<'a> {
    given: &'a Thunk<'a>,
    /// With what the function adds.
    whole: &'a Thunk<'a>,
}

fn evaluate<'a>(
    ev: &Evaluator<'a>,
    Arguments { given, whole }: Arguments<'a>,
    universe_of: fn(&Evaluator<'a>, &'a Thunk<'a>) -> Eval<'a, &'a Universe<'a>>,
    extend_modules: &'static Builtin,
) -> Eval<'a> {
    ev.note(given);
    // One for both.
    let universe: &OnceCell<&'a Universe<'a>> = ev.arena.alloc(OnceCell::new());
    let universe = move |ev: &Evaluator<'a>| match ev.recall(universe) {
        Some(known) => Ok(*known),
        None => {
            let made = ev.remember(universe, || universe_of(ev, whole))?;
            Ok(*universe.get_or_init(|| made))
        }
    };
    let config = ev.lazy(move |ev| ev.force(universe(ev)?.in_full(ev).config(ev)));
    let options = ev.lazy(move |ev| ev.force(universe(ev)?.in_full(ev).checked_options(ev)));
    let attrs = vec![
        entry(*names::CONFIG, config),
        entry(*names::OPTIONS, options),
        entry(*names::TYPE_TAG, ev.value(Value::Str("configuration"))),
        ev.attr("extendModules", ev.value(ev.partial(extend_modules, &[given]))),
        entry(*names::TYPE, ev.lazy(move |ev| own_type(ev, given))),
    ];
    let rest =
        Unknown { arguments: ev.arena.alloc_slice_copy(&[whole]), ..*ev.unknown_ref(REST, None) };
    Ok(Value::Attrs(ev.open_attrs(attrs, Some(ev.arena.alloc(rest)))))
}

/// The arguments of an evaluation with those of its `extendModules`, as the one argument of another.
fn extended<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a, Args<'a>> {
    let (old, new) = (ev.force_attrs(args[0])?, ev.force_closed_attrs(args[1])?);
    ev.refuse_others(new, "extendModules", &["modules", "specialArgs", "prefix"])?;
    let field = |name: &'static str, nothing: Value<'a>| {
        let of = |attrs: &Attrs<'a>| {
            attrs.get(Symbol::new(name)).map_or_else(|| ev.value(nothing), |attr| attr.value)
        };
        [of(old), of(new)]
    };
    let modules = field("modules", ev.list(&[]));
    let special = field("specialArgs", Value::Attrs(ev.attrs(Vec::new())));
    let mut more = vec![
        ev.attr("modules", ev.apply_builtin("concatLists", &[ev.value(ev.list(&modules))])),
        ev.attr(
            "specialArgs",
            ev.lazy(move |ev| {
                let [old, new] = special;
                Ok(Value::Attrs(ev.update_attrs(ev.force_attrs(old)?, ev.force_attrs(new)?)))
            }),
        ),
    ];
    more.extend(new.get(*names::PREFIX).copied());
    let arguments = ev.value(Value::Attrs(ev.update_attrs(old, ev.attrs(more))));
    Ok(ev.arena.alloc_slice_copy(&[arguments]))
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
