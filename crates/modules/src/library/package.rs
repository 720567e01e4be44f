//! `lib.mkPackageOption`.

use nixpact_eval::{
    Args, Attrs, ErrorKind, Eval, Evaluator, Reason, Stop, Thunk, Value, attribute_name,
};
use nixpact_syntax::Symbol;

use super::{entry, tagged};
use crate::names;
use crate::types::type_value;

const ARGUMENTS: &[&str] = &["nullable", "default", "example", "extraDescription", "pkgsText"];

pub(super) fn mk_package_option<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let (packages, name) = (args[0], args[1]);
    let settings = ev.force_attrs(args[2])?;
    ev.refuse_others(settings, "mkPackageOption", ARGUMENTS)?;
    // What is not known of them may say otherwise.
    let settings = ev.force_closed_attrs(ev.value(Value::Attrs(settings)))?;
    let given = |name| settings.get(Symbol::new(name)).map(|attr| attr.value);
    let is_nullable = given("nullable").map_or(Ok(false), |nullable| ev.force_bool(nullable));
    let default = given("default").unwrap_or(name);
    let mut attrs = vec![
        entry(
            *names::TYPE,
            ev.lazy(move |ev| {
                let package = ev.value(type_value(ev, "package", &[]));
                Ok(match is_nullable? {
                    true => type_value(ev, "nullOr", &[package]),
                    false => ev.force(package)?,
                })
            }),
        ),
        entry(*names::DESCRIPTION, ev.lazy(move |ev| description(ev, name, settings))),
    ];
    if !matches!(ev.force(default)?, Value::Null) {
        attrs.push(entry(*names::DEFAULT, ev.lazy(move |ev| package(ev, packages, default))));
        let text = ev.lazy(move |ev| text(ev, settings, default));
        attrs.push(ev.attr("defaultText", expression(ev, text)));
    } else if is_nullable? {
        attrs.push(entry(*names::DEFAULT, ev.value(Value::Null)));
    }
    if let Some(example) = given("example")
        && !matches!(ev.force(example)?, Value::Null)
    {
        let text = ev.lazy(move |ev| match ev.force(example)? {
            Value::List(_) => text(ev, settings, example),
            written => Ok(written),
        });
        attrs.push(entry(*names::EXAMPLE, expression(ev, text)));
    }
    tagged(ev, "option", attrs)
}

fn expression<'a>(ev: &Evaluator<'a>, text: &'a Thunk<'a>) -> &'a Thunk<'a> {
    ev.lazy(move |ev| tagged(ev, "literalExpression", vec![ev.attr("text", text)]))
}

/// `lib.toList` of an attribute path.
fn path<'a>(ev: &Evaluator<'a>, names: &'a Thunk<'a>) -> Eval<'a, Vec<&'a str>> {
    match ev.force(names)? {
        Value::List(_) => ev.force_items(names)?.iter().map(|name| ev.force_str(name)).collect(),
        _ => Ok(vec![ev.force_str(names)?]),
    }
}

/// The package at the path.
fn package<'a>(ev: &Evaluator<'a>, packages: &'a Thunk<'a>, names: &'a Thunk<'a>) -> Eval<'a> {
    let mut found = packages;
    for name in path(ev, names)? {
        let attribute = match ev.force(found) {
            Ok(set @ Value::Attrs(_)) => ev.select(set, Symbol::new(name))?,
            Ok(_) => None,
            Err(Stop::Unknown(unknown)) => Some(ev.select_unknown(unknown, Symbol::new(name))?),
            Err(error) => return Err(error),
        };
        let Some(attribute) = attribute else {
            let message = format!("{name} cannot be found in the packages");
            return ev.error(ErrorKind::Throw, message);
        };
        found = attribute;
    }
    ev.force(found)
}

/// How the path of a package is written.
fn text<'a>(ev: &Evaluator<'a>, settings: &'a Attrs<'a>, names: &'a Thunk<'a>) -> Eval<'a> {
    let packages = match settings.get(Symbol::new("pkgsText")) {
        Some(text) => ev.force_str(text.value)?,
        None => "pkgs",
    };
    let path = path(ev, names)?;
    match path.iter().all(|name| attribute_name(name) == *name) {
        true => Ok(ev.str(&format!("{packages}.{}", path.join(".")))),
        false => Err(ev.unknown(Reason::Unsupported("how a package's name is quoted"), None)),
    }
}

fn description<'a>(ev: &Evaluator<'a>, name: &'a Thunk<'a>, settings: &'a Attrs<'a>) -> Eval<'a> {
    let path = path(ev, name)?;
    let Some(name) = path.last() else {
        return ev.error(ErrorKind::Throw, "lists.last: list must not be empty!");
    };
    let more = match settings.get(Symbol::new("extraDescription")) {
        Some(text) => ev.force_str(text.value)?,
        None => "",
    };
    let space = if more.is_empty() { "" } else { " " };
    Ok(ev.str(&format!("The {name} package to use.{space}{more}")))
}
