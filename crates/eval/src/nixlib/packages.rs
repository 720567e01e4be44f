//! Functions of packages: their outputs and programs. Packages come from outside as a rule, and what
//! a function makes of one still has a known shape.

use super::common::{attribute, known, require};
use crate::builtins::{Args, Builtin};
use crate::coerce::{Coercion, Text};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{ErrorKind, Eval, Stop};
use crate::value::{Piece, Value};

/// `lib.generators`.
pub(super) const GENERATORS: &[Builtin] = &[
    Builtin { name: "toJSON", arity: 1, run: to_json },
    Builtin { name: "toYAML", arity: 1, run: to_json },
];

/// `lib.meta`.
pub(super) const META: &[Builtin] = &[
    Builtin { name: "getExe", arity: 1, run: get_exe },
    Builtin { name: "getExe'", arity: 2, run: get_exe_prime },
];

/// Nix's function; the argument is a set of options, and there are none.
fn to_json<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let options = ev.force_attrs(args[0])?;
    ev.refuse_others(options, "toJSON", &[])?;
    match options.rest {
        None => ev.builtin("toJSON", &[]),
        Some(rest) => Err(Stop::Unknown(rest)),
    }
}

pub(super) fn is_derivation<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    Ok(Value::Bool(derivation(ev, args[0])?))
}

/// `value.type or null == "derivation"`.
pub(super) fn derivation<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> Eval<'a, bool> {
    match attribute(ev, ev.force(value)?, "type")? {
        Some(kind) => ev.equal(ev.force(kind)?, Value::Str("derivation")),
        None => Ok(false),
    }
}

pub(super) fn get_named_output<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    get_output(ev, ev.force_str(args[0])?, args[1])
}

/// `getOutput`; of an unknown package it is the package's text that stands for the output.
pub(super) fn get_output<'a>(ev: &Evaluator<'a>, output: &str, package: &'a Thunk<'a>) -> Eval<'a> {
    let value = ev.force(package)?;
    let specified = match attribute(ev, value, "outputSpecified")? {
        Some(specified) => ev.force_bool(specified)?,
        None => false,
    };
    if specified {
        return Ok(value);
    }
    for name in [output, "out"] {
        if let Some(found) = attribute(ev, value, name)? {
            return ev.force(found);
        }
    }
    Ok(value)
}

pub(super) fn choose_dev_outputs<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let packages = ev.force_list(args[0])?;
    let outputs: Vec<_> = packages
        .items
        .iter()
        .map(|package| {
            let package = *package;
            ev.lazy(move |ev| get_output(ev, "dev", package))
        })
        .collect();
    Ok(ev.open_list(&outputs, packages.rest))
}

fn get_exe<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let package = args[0];
    let program = ev.lazy(move |ev| {
        let value = ev.force(package)?;
        let meta = attribute(ev, value, "meta")?;
        let main = match meta {
            Some(meta) => attribute(ev, ev.force(meta)?, "mainProgram")?,
            None => None,
        };
        match main {
            Some(main) => ev.force(main),
            None => super::versions::get_name(ev, super::common::args_of(ev, [package])),
        }
    });
    executable(ev, package, program)
}

fn get_exe_prime<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    executable(ev, args[0], args[1])
}

/// `"${getBin package}/bin/${program}"`. Whatever is unknown of the two, the result is a string of
/// this shape: for anything else Nix reports an error.
fn executable<'a>(ev: &Evaluator<'a>, package: &'a Thunk<'a>, program: &'a Thunk<'a>) -> Eval<'a> {
    if let Ok(false) = known(derivation(ev, package))? {
        return require(ev, false, "lib.meta.getExe': the first argument should be a derivation")
            .map(|()| Value::Null);
    }
    let name = known(ev.force(program))?;
    match name {
        Ok(Value::Str(name)) if name.contains('/') => {
            let message = format!(
                "lib.meta.getExe': The second argument \"{name}\" is a nested path with a \"/\" \
                 character, but it should just be the name of the executable instead."
            );
            return ev.error(ErrorKind::Throw, message);
        }
        Ok(Value::Str(_) | Value::Template(_)) | Err(_) => {}
        Ok(other) => {
            let found = other.type_name();
            let message = format!("lib.meta.getExe': The second argument is {found}");
            return ev.error(ErrorKind::Throw, message);
        }
    }
    let mut text = Text::new(ev);
    text.push(get_output(ev, "bin", package), Coercion::Interpolation)?;
    text.push_str("/bin/");
    match name {
        Ok(name) => text.push(Ok(name), Coercion::Interpolation)?,
        Err(unknown) => text.push(Err(Stop::Unknown(unknown)), Coercion::Interpolation)?,
    }
    Ok(text.finish())
}

/// `path + "/" + directory` for each path but `null`, with `:` between.
pub(super) fn search_path<'a>(
    ev: &Evaluator<'a>,
    output: Option<&'a Thunk<'a>>,
    directory: &'a Thunk<'a>,
    paths: &'a Thunk<'a>,
) -> Eval<'a> {
    let list = ev.force_list(paths)?;
    let mut text = Text::new(ev);
    let mut unknown = list.rest;
    let mut first = true;
    for path in list.items {
        let path = match output {
            Some(output) => get_output(ev, ev.force_str(output)?, path),
            None => ev.force(path),
        };
        match known(path)? {
            Ok(Value::Null) => continue,
            Ok(path) => {
                if !first {
                    text.push_str(":");
                }
                first = false;
                let slash = ev.add(Ok(path), Ok(Value::Str("/")));
                let path = ev.add(slash, ev.force(directory))?;
                text.push(Ok(path), Coercion::Interpolation)?;
            }
            // It may be `null`.
            Err(reason) => unknown = unknown.or(Some(reason)),
        }
    }
    match unknown {
        Some(reason) => Ok(Value::Template(ev.arena.alloc_slice_copy(&[Piece::Unknown(reason)]))),
        None => Ok(text.finish()),
    }
}
