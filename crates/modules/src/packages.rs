//! The package set of a host: of its packages nothing is known, but for which platform they are.

use nixpact_eval::{Attr, Eval, Evaluator, External, Reason, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::foreign::{self, is_foreign};
use crate::universe::Universe;

/// What `stdenv` has of its platform.
const OF_PLATFORM: &[&str] =
    &["is32bit", "is64bit", "isAarch64", "isDarwin", "isLinux", "isx86_64"];

/// `pkgs` of a host, which nixpkgs' own function made.
pub(crate) fn of_host<'a>(ev: &Evaluator<'a>, made: &'a Unknown<'a>) -> Eval<'a> {
    let whole = ev.unknown_ref(Reason::External(External::Packages, "pkgs"), None);
    let (Reason::External(_, text), Some(given)) = (made.reason, ev.arguments_of(made)) else {
        return Err(Stop::Unknown(whole));
    };
    let mut known = of_platform(ev, ev.lazy(move |ev| host_platform(ev, given, text)));
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

/// What a package set has of its platform.
fn of_platform<'a>(ev: &Evaluator<'a>, host: &'a Thunk<'a>) -> Vec<Attr<'a>> {
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
    vec![ev.attr("stdenv", stdenv), ev.attr("system", member("system"))]
}

/// `pkgs` of a host of NixOS, which its own modules make.
pub(crate) fn of_nixos<'a>(ev: &Evaluator<'a>, host: &'a Universe<'a>) -> Value<'a> {
    let whole = ev.unknown_ref(Reason::External(External::Packages, "pkgs"), None);
    let platform = ev.lazy(move |ev| match platform_of_nixos(ev, host) {
        // Whatever it is, NixOS is Linux.
        Err(Stop::Unknown(unknown)) if is_foreign(ev, unknown) => Ok(ev.linux()),
        platform => platform,
    });
    Value::Attrs(ev.known_in_part(of_platform(ev, platform), whole))
}

/// The platform that the options of NixOS name (`nixos/modules/misc/nixpkgs.nix`).
fn platform_of_nixos<'a>(ev: &Evaluator<'a>, host: &'a Universe<'a>) -> Eval<'a> {
    host.ready(ev)?;
    let option = |name: &str| {
        let node = host.node(ev, &[Symbol::new("nixpkgs"), Symbol::new(name)]);
        node.filter(|node| node.is_defined()).map(|node| foreign::only(ev, node)).transpose()
    };
    if let Some(packages) = option("pkgs")? {
        return match ev.force(packages) {
            Err(Stop::Unknown(made)) => match (made.reason, ev.arguments_of(made)) {
                (Reason::External(_, text), Some(given)) => host_platform(ev, given, text),
                _ => Err(Stop::Unknown(made)),
            },
            Ok(_) => ev.unsupported("the platform of this package set"),
            Err(error) => Err(error),
        };
    }
    if let Some(platform) = option("hostPlatform")? {
        return elaborate(ev, ev.lib(), platform);
    }
    let older = match option("crossSystem")? {
        Some(_) => None,
        None => match option("localSystem")? {
            None => option("system")?,
            local => local,
        },
    };
    match older {
        Some(local) => elaborate(ev, ev.lib(), local),
        None => Err(Stop::Unknown(foreign::at(ev, host.path))),
    }
}

/// The value of an option of NixOS that is a platform, from what defines it.
pub(crate) fn is_platform(path: &[&str]) -> bool {
    matches!(path, ["nixpkgs", "hostPlatform" | "buildPlatform"])
}

/// `lib.systems.elaborate`
pub(crate) fn elaborate<'a>(ev: &Evaluator<'a>, lib: Value<'a>, system: &'a Thunk<'a>) -> Eval<'a> {
    let lib = ev.force_attrs(ev.value(lib))?;
    let Some(systems) = lib.get(Symbol::new("systems")) else {
        return ev.unsupported("lib.systems.elaborate");
    };
    match ev.select(ev.force(systems.value)?, Symbol::new("elaborate"))? {
        Some(elaborate) => ev.call(ev.force(elaborate)?, system),
        None => ev.unsupported("lib.systems.elaborate"),
    }
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
    elaborate(ev, ev.lib_of(text), system)
}
