//! The package set of a host: of its packages nothing is known, but for which platform they are.

use nixpact_eval::{Eval, Evaluator, External, Reason, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

/// What `stdenv` has of its platform.
const OF_PLATFORM: &[&str] =
    &["is32bit", "is64bit", "isAarch64", "isDarwin", "isLinux", "isx86_64"];

/// `pkgs` of a host, which nixpkgs' own function made.
pub(crate) fn of_host<'a>(ev: &Evaluator<'a>, made: &'a Unknown<'a>) -> Eval<'a> {
    let whole = ev.unknown_ref(Reason::External(External::Packages, "pkgs"), None);
    let (Reason::External(_, text), Some(given)) = (made.reason, ev.arguments_of(made)) else {
        return Err(Stop::Unknown(whole));
    };
    let host = ev.lazy(move |ev| host_platform(ev, given, text));
    let member = move |name: &'static str| {
        ev.lazy(move |ev| match ev.select(ev.force(host)?, Symbol::new(name))? {
            Some(value) => ev.force(value),
            None => ev.unsupported(name),
        })
    };
    let mut known: Vec<_> = OF_PLATFORM.iter().map(|name| ev.attr(name, member(name))).collect();
    known.push(ev.attr("hostPlatform", host));
    let rest = ev.unknown_ref(Reason::External(External::Other, "pkgs.stdenv"), None);
    let stdenv = ev.value(Value::Attrs(ev.open_attrs(known, Some(rest))));
    let mut known = vec![ev.attr("stdenv", stdenv), ev.attr("system", member("system"))];
    if let Some([path, lib]) = ev.checkout_of(made) {
        known.push(ev.attr("path", ev.value(path)));
        let lib = move |ev: &Evaluator<'a>| match keeps_lib(ev, given) {
            Ok(true) => Ok(lib),
            // Overlays add to it.
            _ => ev.force(ev.select_unknown(whole, Symbol::new("lib"))?),
        };
        known.push(ev.attr("lib", ev.lazy(lib)));
    }
    Ok(Value::Attrs(ev.known_in_part(known, whole)))
}

/// Whether no overlay among the arguments of nixpkgs' function has a `lib`.
fn keeps_lib<'a>(ev: &Evaluator<'a>, given: &'a Thunk<'a>) -> Eval<'a, bool> {
    let given = ev.force_closed_attrs(given)?;
    let Some(overlays) = given.get(Symbol::new("overlays")) else { return Ok(true) };
    let overlays = ev.force_list(overlays.value)?;
    let mut keeps = overlays.rest.is_none();
    for overlay in overlays.items {
        let sets = ["final", "prev"].map(|name| ev.external(External::Packages, name));
        let made = ev.call_all(ev.force(overlay)?, &sets)?;
        let made = ev.force_closed_attrs(ev.value(made))?;
        keeps &= made.get(Symbol::new("lib")).is_none();
    }
    Ok(keeps)
}

/// The platform that the arguments of nixpkgs' function name (`pkgs/top-level/impure.nix`).
///
/// What a platform has differs between versions: `text` says which nixpkgs it is.
fn host_platform<'a>(ev: &Evaluator<'a>, given: &'a Thunk<'a>, text: &str) -> Eval<'a> {
    let given = ev.force_closed_attrs(given)?;
    let field = |name: &str| given.get(Symbol::new(name)).map(|attr| attr.value);
    let cross = field("crossSystem").map(|cross| ev.force(cross)).transpose()?;
    let by_name = |system| ev.value(Value::Attrs(ev.attrs(vec![ev.attr("system", system)])));
    let system = match (cross, field("localSystem").or(field("system").map(by_name))) {
        (None | Some(Value::Null), Some(local)) => local,
        (Some(cross), _) if !matches!(cross, Value::Null) => ev.value(cross),
        _ => return ev.unsupported("builtins.currentSystem"),
    };
    let lib = ev.force_attrs(ev.value(ev.lib_of(text)))?;
    let Some(systems) = lib.get(Symbol::new("systems")) else {
        return ev.unsupported("lib.systems.elaborate");
    };
    let elaborate = ev.select(ev.force(systems.value)?, Symbol::new("elaborate"))?;
    match elaborate {
        Some(elaborate) => ev.call(ev.force(elaborate)?, system),
        None => ev.unsupported("lib.systems.elaborate"),
    }
}
