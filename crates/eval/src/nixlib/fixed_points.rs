//! `lib.fixedPoints`.

use std::cell::Cell;

use super::common::{args_of, call};
use crate::builtins::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::Eval;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "composeExtensions", arity: 4, run: compose_extensions },
    Builtin { name: "composeManyExtensions", arity: 1, run: compose_many_extensions },
    Builtin { name: "converge", arity: 2, run: converge },
    Builtin { name: "extends", arity: 3, run: extends },
    Builtin { name: "fix", arity: 1, run: fix },
    Builtin { name: "fix'", arity: 1, run: fix_prime },
    Builtin { name: "makeExtensible", arity: 1, run: make_extensible },
    Builtin { name: "makeExtensibleWithCustomName", arity: 2, run: make_extensible_with },
];

/// The thunk whose value `run` makes of that thunk itself.
fn fixed<'a>(
    ev: &Evaluator<'a>,
    run: impl Fn(&Evaluator<'a>, &'a Thunk<'a>) -> Eval<'a> + 'a,
) -> Eval<'a> {
    let this: &'a Cell<Option<&'a Thunk<'a>>> = ev.arena.alloc(Cell::new(None));
    let thunk = ev.lazy(move |ev| match this.get() {
        Some(this) => run(ev, this),
        None => Err(ev.unknown(crate::Reason::Recursion, None)),
    });
    this.set(Some(thunk));
    ev.force(thunk)
}

fn fix<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    fixed(ev, |ev, this| call(ev, args[0], &[this]))
}

fn fix_prime<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    fixed(ev, |ev, this| {
        let unfix = ev.attrs(vec![ev.attr("__unfix__", args[0])]);
        ev.update(call(ev, args[0], &[this]), Ok(Value::Attrs(unfix)))
    })
}

fn converge<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let mut value = args[1];
    loop {
        let next = ev.value(ev.nested(|| call(ev, args[0], &[value]))?);
        if ev.equal_thunks(next, value)? {
            return ev.force(value);
        }
        value = next;
    }
}

/// `extends overlay f final`.
fn extends<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [overlay, function, last] = *args else { return Ok(Value::Null) };
    let before = ev.apply(function, &[last]);
    ev.update(ev.force(before), call(ev, overlay, &[last, before]))
}

/// `composeExtensions f g final prev`.
fn compose_extensions<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [first, second, last, before] = *args else { return Ok(Value::Null) };
    let applied = ev.apply(first, &[last, before]);
    let between = ev.lazy(move |ev| ev.update(ev.force(before), ev.force(applied)));
    ev.update(ev.force(applied), call(ev, second, &[last, between]))
}

/// `composeManyExtensions extensions`, which looks at the list at once, `final prev`.
fn compose_many_extensions<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static COMPOSED: Builtin =
        Builtin { name: "composeManyExtensions", arity: 3, run: compose_each };
    ev.force_list(args[0])?;
    Ok(ev.partial(&COMPOSED, args))
}

fn compose_each<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [extensions, last, before] = *args else { return Ok(Value::Null) };
    compose_all(ev, ev.force_items(extensions)?, last, before)
}

fn compose_all<'a>(
    ev: &Evaluator<'a>,
    extensions: &'a [&'a Thunk<'a>],
    last: &'a Thunk<'a>,
    before: &'a Thunk<'a>,
) -> Eval<'a> {
    let Some((first, others)) = extensions.split_first() else {
        return Ok(Value::Attrs(ev.attrs(Vec::new())));
    };
    let applied = ev.apply(first, &[last, before]);
    let between = ev.lazy(move |ev| ev.update(ev.force(before), ev.force(applied)));
    ev.update(ev.force(applied), ev.nested(|| compose_all(ev, others, last, between)))
}

fn make_extensible<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    make_extensible_with(ev, args_of(ev, [ev.value(Value::Str("extend")), args[0]]))
}

/// `makeExtensibleWithCustomName extenderName rattrs`.
fn make_extensible_with<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static EXTEND: Builtin = Builtin { name: "extend", arity: 3, run: extend };
    static WITH_EXTENDER: Builtin = Builtin { name: "fix'", arity: 3, run: with_extender };
    let extender = ev.value(ev.partial(&EXTEND, args));
    let rattrs = ev.value(ev.partial(&WITH_EXTENDER, &[args[0], extender]));
    // `fix'` gives `__unfix__` the function with the extender.
    let function = args[1];
    let this = ev.lazy(move |ev| Ok(ev.partial(&WITH_RATTRS, &[rattrs, function])));
    fix_prime(ev, args_of(ev, [this]))
}

static WITH_RATTRS: Builtin = Builtin {
    name: "makeExtensible",
    arity: 3,
    run: |ev, args| call(ev, args[0], &[ev.apply(args[1], &[args[2]])]),
};

/// `attrs // { ${name} = extender; }`.
fn with_extender<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let extender = ev.attr(ev.force_str(args[0])?, args[1]);
    ev.update(ev.force(args[2]), Ok(Value::Attrs(ev.attrs(vec![extender]))))
}

/// `f: makeExtensibleWithCustomName extenderName (extends f rattrs)`.
fn extend<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    static EXTENDS: Builtin = Builtin { name: "extends", arity: 3, run: extends };
    let rattrs = ev.value(ev.partial(&EXTENDS, &[args[2], args[1]]));
    make_extensible_with(ev, args_of(ev, [args[0], rattrs]))
}
