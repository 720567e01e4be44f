//! `lib.options`.

use nixpact_eval::{Args, Builtin, ErrorKind, Eval, Evaluator, Thunk, Value};

use nixpact_syntax::Symbol;

use super::types::is_tagged;
use super::{entry, package, tagged};
use crate::loose;
use crate::names;
use crate::path::Path;
use crate::types::type_value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    Builtin { name: "getFiles", arity: 1, run: |ev, args| get_all(ev, *names::FILE_NAME, args) },
    Builtin { name: "getValues", arity: 1, run: |ev, args| get_all(ev, *names::VALUE, args) },
    Builtin { name: "isOption", arity: 1, run: |ev, args| is_tagged(ev, "option", args[0]) },
    Builtin { name: "literalExample", arity: 1, run: literal_expression },
    Builtin { name: "literalDocBook", arity: 1, run: literal_expression },
    Builtin { name: "mdDoc", arity: 1, run: |ev, args| ev.force(args[0]) },
    Builtin { name: "mergeDefaultOption", arity: 2, run: merge_default },
    Builtin { name: "mergeEqualOption", arity: 2, run: merge_equal },
    Builtin { name: "mergeOneOption", arity: 2, run: merge_one },
    Builtin { name: "mkEnableOption", arity: 1, run: mk_enable_option },
    Builtin { name: "mkOption", arity: 1, run: mk_option },
    Builtin { name: "mkPackageOption", arity: 3, run: package::mk_package_option },
    Builtin { name: "showOption", arity: 1, run: show_option },
];

fn literal_expression<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    tagged(ev, "literalExpression", vec![ev.attr("text", args[0])])
}

/// The arguments of `mkOption`.
pub const OPTION: &[&str] = &[
    "default",
    "defaultText",
    "example",
    "description",
    "relatedPackages",
    "type",
    "apply",
    "internal",
    "visible",
    "readOnly",
];

fn mk_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    ev.refuse_others(attrs, "mkOption", OPTION)?;
    let tag = ev.attrs(vec![entry(*names::TYPE_TAG, ev.value(Value::Str("option")))]);
    Ok(Value::Attrs(ev.update_attrs(attrs, tag)))
}

fn mk_enable_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = args[0];
    let description = ev.lazy(move |ev| {
        let parts = [ev.value(Value::Str("Whether to enable ")), name, ev.value(Value::Str("."))];
        ev.builtin("concatStringsSep", &[ev.value(Value::Str("")), ev.value(ev.list(&parts))])
    });
    let attrs = vec![
        entry(*names::DEFAULT, ev.value(Value::Bool(false))),
        entry(*names::EXAMPLE, ev.value(Value::Bool(true))),
        entry(*names::DESCRIPTION, description),
        entry(*names::TYPE, ev.value(type_value(ev, "bool", &[]))),
    ];
    tagged(ev, "option", attrs)
}

/// `map (x: x.<name>)`
fn get_all<'a>(ev: &Evaluator<'a>, name: Symbol, args: Args<'a>) -> Eval<'a> {
    let definitions = ev.force_list(args[0])?;
    let items: Vec<_> =
        definitions.items.iter().map(|definition| member(ev, definition, name)).collect();
    Ok(ev.open_list(&items, definitions.rest))
}

fn member<'a>(ev: &Evaluator<'a>, definition: &'a Thunk<'a>, name: Symbol) -> &'a Thunk<'a> {
    ev.lazy(move |ev| match ev.select(ev.force(definition)?, name)? {
        Some(value) => ev.force(value),
        None => ev.error(ErrorKind::MissingAttribute, format!("attribute '{name}' missing")),
    })
}

/// The values of the definitions that a merge function is called with, behind the option's path.
fn values<'a>(ev: &Evaluator<'a>, definitions: &'a Thunk<'a>) -> Eval<'a, Vec<&'a Thunk<'a>>> {
    let definitions = ev.force_items(definitions)?;
    Ok(definitions.iter().map(|definition| member(ev, definition, *names::VALUE)).collect())
}

fn merge_default<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    loose::unspecified(ev, Path::root(ev), &values(ev, args[1])?)
}

fn merge_one<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match values(ev, args[1])?[..] {
        [only] => ev.force(only),
        _ => ev.error(ErrorKind::Throw, "an option that must be unique is defined several times"),
    }
}

fn merge_equal<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let values = values(ev, args[1])?;
    let Some((first, others)) = values.split_first() else {
        return ev.error(ErrorKind::Abort, "This case should never happen.");
    };
    let value = ev.force(first)?;
    for other in others {
        if !ev.equal(value, ev.force(other)?)? {
            return ev.error(ErrorKind::Throw, "an option has conflicting definition values");
        }
    }
    Ok(value)
}

/// An option's path as nixpkgs writes it in messages.
pub(crate) fn show_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let strings = ev.select(ev.whole_lib(), Symbol::new("strings"))?.map(|group| ev.force(group));
    let Some(strings) = strings else { return ev.unsupported("lib.strings") };
    let Some(escape) = ev.select(strings?, Symbol::new("escapeNixIdentifier"))? else {
        return ev.unsupported("lib.strings.escapeNixIdentifier");
    };
    let mut parts = Vec::new();
    for part in ev.force_items(args[0])? {
        let text = ev.force_str(part)?;
        let is_placeholder = text == "*" || text.starts_with('<') && text.ends_with('>');
        parts.push(if is_placeholder { *part } else { ev.apply(escape, &[part]) });
    }
    ev.builtin("concatStringsSep", &[ev.value(Value::Str(".")), ev.value(ev.list(&parts))])
}
