//! `callPackage` of a package set, for functions that give no package: `pkgs.callPackage ./lib.nix { }`.

use nixpact_syntax::Symbol;

use crate::builtins::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{Eval, External, Reason, Stop, Unknown};
use crate::value::Value;

pub(crate) static CALL_PACKAGE: Builtin = Builtin { name: "callPackage", arity: 3, run };

/// `args` are the package set, the function or its file, and the arguments that are given.
fn run<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    match (ev.force(args[0]), called(ev, args)) {
        // What has members that are not known may be a package.
        (_, Ok(Value::Attrs(attrs))) if attrs.rest.is_none() => Ok(Value::Attrs(attrs)),
        (_, Ok(value)) if !matches!(value, Value::Attrs(_)) && !value.is_function() => Ok(value),
        (Err(Stop::Unknown(packages)), _) => Err(unknown(ev, packages, args)),
        (Err(error), _) => Err(error),
        (Ok(_), _) => ev.unsupported("callPackage"),
    }
}

/// What the function gives; every argument that it names is assumed to be a package.
fn called<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let function = match ev.force(args[1])? {
        function if function.is_function() => args[1],
        _ => ev.value(ev.builtin("import", &[args[1]])?),
    };
    let Err(Stop::Unknown(packages)) = ev.force(args[0]) else {
        return ev.unsupported("callPackage");
    };
    let names = ev.force_closed_attrs(ev.value(ev.builtin("functionArgs", &[function])?))?;
    let mut found = Vec::new();
    for formal in names.unordered() {
        let value = ev.select_unknown(packages, formal.name);
        let value = value.unwrap_or_else(|stop| ev.stopped(stop));
        found.push(ev.attr(formal.name.as_str(), value));
    }
    let packages = ev.value(Value::Attrs(ev.attrs(found)));
    match ev.select(ev.whole_lib(), Symbol::new("callPackageWith"))? {
        Some(call) => ev.call_all(ev.force(call)?, &[packages, function, args[2]]),
        None => ev.unsupported("callPackage"),
    }
}

/// A package, which is not known.
fn unknown<'a>(ev: &Evaluator<'a>, packages: &'a Unknown<'a>, args: Args<'a>) -> Stop<'a> {
    let reason = match packages.reason {
        Reason::External(_, text) => {
            let text = ev.arena.alloc_str(&format!("{text}.callPackage"));
            Reason::External(External::Other, text)
        }
        other => other,
    };
    let arguments = ev.arena.alloc_slice_copy(&args[1..]);
    Stop::Unknown(ev.arena.alloc(Unknown { reason, arguments, ..*packages }))
}
