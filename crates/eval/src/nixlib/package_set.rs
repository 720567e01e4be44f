//! Functions of a package set, whose packages are not known: `callPackage` where it gives no package, such as
//! `pkgs.callPackage ./lib.nix { }`, and what adds overlays.

use nixpact_syntax::Symbol;

use crate::builtins::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::thunk::Thunk;
use crate::unknown::{Eval, External, Reason, Stop, Unknown};
use crate::value::Value;

/// The function of a package set by its name. The set is its first argument.
pub(crate) fn function(name: &str) -> Option<&'static Builtin> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

static FUNCTIONS: &[Builtin] = &[
    Builtin { name: "appendOverlays", arity: 2, run: append_overlays },
    Builtin { name: "callPackage", arity: 3, run: call_package },
    Builtin { name: "extend", arity: 2, run: extend },
];

fn extend<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    with_overlays(ev, args[0], ev.value(ev.list(&[args[1]])))
}

fn append_overlays<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    with_overlays(ev, args[0], args[1])
}

/// The package set that nixpkgs' function gives with more overlays.
fn with_overlays<'a>(ev: &Evaluator<'a>, packages: &'a Thunk<'a>, more: &'a Thunk<'a>) -> Eval<'a> {
    let Err(Stop::Unknown(packages)) = ev.force(packages) else {
        return ev.unsupported("the overlays of a package set");
    };
    let overlays = Symbol::new("overlays");
    let given = ev.lazy(move |ev| {
        let given = match arguments(ev, packages) {
            Some(given) => ev.force_closed_attrs(given)?,
            None => return ev.unsupported("the arguments of a package set"),
        };
        let own = given.get(overlays).map_or_else(|| ev.value(ev.list(&[])), |own| own.value);
        let all = ev.lazy(move |ev| ev.builtin("concatLists", &[ev.value(ev.list(&[own, more]))]));
        Ok(Value::Attrs(ev.update_attrs(given, ev.attrs(vec![ev.attr("overlays", all)]))))
    });
    let arguments = ev.arena.alloc_slice_copy(&[given]);
    Err(Stop::Unknown(ev.arena.alloc(Unknown { arguments, ..*packages })))
}

/// What nixpkgs' function was called with for a package set.
pub(crate) fn arguments<'a>(ev: &Evaluator<'a>, packages: &Unknown<'a>) -> Option<&'a Thunk<'a>> {
    let Reason::External(External::Packages, text) = packages.reason else { return None };
    packages.arguments.last().copied().or_else(|| {
        // `nixpkgs.legacyPackages.x86_64-linux`
        let (_, system) = text.rsplit_once(".legacyPackages.")?;
        let system = ev.attr("system", ev.value(Value::Str(system)));
        Some(ev.value(Value::Attrs(ev.attrs(vec![system]))))
    })
}

/// `args` are the package set, the function or its file, and the arguments that are given.
fn call_package<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
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
