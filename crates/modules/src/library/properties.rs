//! `lib.mkIf` and the like, and what else of `lib.modules` makes definitions or modules.

use nixpact_eval::{Args, Builtin, ErrorKind, Eval, Evaluator, Thunk, Value};
use nixpact_syntax::Symbol;

use super::{entry, evaluation, tagged};
use crate::names;
use crate::property::{DEFAULT_ORDER, DEFAULT_PRIORITY};

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "evalModules", arity: 1, run: evaluation::eval_modules },
    Builtin { name: "mkAliasDefinitions", arity: 1, run: |ev, args| alias(ev, None, args[0]) },
    Builtin {
        name: "mkAliasAndWrapDefinitions",
        arity: 2,
        run: |ev, args| alias(ev, Some(args[0]), args[1]),
    },
    Builtin { name: "mkAssert", arity: 3, run: mk_assert },
    Builtin { name: "mkFixStrictness", arity: 1, run: |ev, args| ev.force(args[0]) },
    Builtin { name: "setDefaultModuleLocation", arity: 2, run: set_location },
    Builtin { name: "mkAfter", arity: 1, run: |ev, args| order(ev, 1500, args) },
    Builtin { name: "mkBefore", arity: 1, run: |ev, args| order(ev, 500, args) },
    Builtin { name: "mkDefault", arity: 1, run: |ev, args| override_(ev, 1000, args) },
    Builtin { name: "mkForce", arity: 1, run: |ev, args| override_(ev, 50, args) },
    Builtin { name: "mkIf", arity: 2, run: mk_if },
    Builtin { name: "mkImageMediaOverride", arity: 1, run: |ev, args| override_(ev, 60, args) },
    Builtin { name: "mkMerge", arity: 1, run: mk_merge },
    Builtin { name: "mkOptionDefault", arity: 1, run: |ev, args| override_(ev, 1500, args) },
    Builtin { name: "mkOrder", arity: 2, run: mk_order },
    Builtin { name: "mkOverride", arity: 2, run: mk_override },
    Builtin { name: "mkVMOverride", arity: 1, run: |ev, args| override_(ev, 10, args) },
    Builtin { name: "nixosSystem", arity: 1, run: evaluation::nixos_system },
];

/// Those that `lib` itself does not have.
pub(super) const INNER: &[Builtin] = &[
    Builtin { name: "defaultOrderPriority", arity: 0, run: |_, _| Ok(Value::Int(DEFAULT_ORDER)) },
    Builtin {
        name: "defaultOverridePriority",
        arity: 0,
        run: |_, _| Ok(Value::Int(DEFAULT_PRIORITY)),
    },
    Builtin { name: "importApply", arity: 2, run: import_apply },
    Builtin { name: "importJSON", arity: 1, run: |ev, args| import_as(ev, "importJSON", args[0]) },
    Builtin { name: "importTOML", arity: 1, run: |ev, args| import_as(ev, "importTOML", args[0]) },
];

fn mk_if<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let condition = entry(*names::CONDITION, args[0]);
    tagged(ev, "if", vec![condition, entry(*names::CONTENT, args[1])])
}

fn mk_merge<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    tagged(ev, "merge", vec![entry(*names::CONTENTS, args[0])])
}

fn mk_override<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let priority = entry(*names::PRIORITY, args[0]);
    tagged(ev, "override", vec![priority, entry(*names::CONTENT, args[1])])
}

fn override_<'a>(ev: &Evaluator<'a>, priority: i64, args: Args<'a>) -> Eval<'a> {
    let args = ev.arena.alloc_slice_copy(&[ev.value(Value::Int(priority)), args[0]]);
    mk_override(ev, args)
}

fn mk_order<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let priority = entry(*names::PRIORITY, args[0]);
    tagged(ev, "order", vec![priority, entry(*names::CONTENT, args[1])])
}

fn order<'a>(ev: &Evaluator<'a>, priority: i64, args: Args<'a>) -> Eval<'a> {
    let args = ev.arena.alloc_slice_copy(&[ev.value(Value::Int(priority)), args[0]]);
    mk_order(ev, args)
}

/// The attribute of an option, which the caller has from the argument `options`.
fn of_option<'a>(ev: &Evaluator<'a>, option: &'a Thunk<'a>, name: &'static str) -> &'a Thunk<'a> {
    ev.lazy(move |ev| match ev.select(ev.force(option)?, Symbol::new(name))? {
        Some(value) => ev.force(value),
        None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
    })
}

/// `mkIf option.isDefined (wrap (mkMerge option.definitions))`
fn alias<'a>(ev: &Evaluator<'a>, wrap: Option<&'a Thunk<'a>>, option: &'a Thunk<'a>) -> Eval<'a> {
    let definitions = entry(*names::CONTENTS, of_option(ev, option, "definitions"));
    let merged = ev.value(tagged(ev, "merge", vec![definitions])?);
    let content = wrap.map_or(merged, |wrap| ev.apply(wrap, &[merged]));
    let condition = entry(*names::CONDITION, of_option(ev, option, "isDefined"));
    tagged(ev, "if", vec![condition, entry(*names::CONTENT, content)])
}

fn mk_assert<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let [assertion, message, content] = args[..] else { return ev.unsupported("mkAssert") };
    let condition = ev.lazy(move |ev| match ev.force_bool(assertion)? {
        true => Ok(Value::Bool(true)),
        false => {
            let message = ev.force_str(message).unwrap_or_default();
            ev.error(ErrorKind::Throw, format!("Failed assertion: {message}"))
        }
    });
    let condition = entry(*names::CONDITION, condition);
    tagged(ev, "if", vec![condition, entry(*names::CONTENT, content)])
}

/// A module that imports another, with the file for messages.
fn set_location<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let imports = ev.value(ev.list(&args[1..2]));
    let attrs = vec![entry(*names::FILE, args[0]), entry(*names::IMPORTS, imports)];
    Ok(Value::Attrs(ev.attrs(attrs)))
}

pub(crate) fn import_apply<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (file, argument) = (args[0], args[1]);
    let module = ev.lazy(move |ev| {
        let function = ev.builtin("import", &[file])?;
        ev.call(function, argument)
    });
    set_location(ev, ev.arena.alloc_slice_copy(&[file, module]))
}

/// A module whose configuration is the data of a file.
fn import_as<'a>(ev: &Evaluator<'a>, function: &'static str, file: &'a Thunk<'a>) -> Eval<'a> {
    let config = ev.lazy(move |ev| match ev.select(ev.whole_lib(), Symbol::new(function))? {
        Some(function) => ev.call(ev.force(function)?, file),
        None => ev.unsupported(function),
    });
    let attrs = vec![entry(*names::FILE, file), entry(*names::CONFIG, config)];
    Ok(Value::Attrs(ev.attrs(attrs)))
}
