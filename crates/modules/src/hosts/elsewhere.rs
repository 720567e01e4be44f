//! Functions that make hosts, and are not at hand: those of another flake or of a nixpkgs that is not read. Their
//! names tell how they take their modules.

use nixpact_eval::{Attr, EVAL_CONFIG, Eval, Evaluator, NIXOS, Reason, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::names;
use crate::system;

/// How the name of another flake's `lib.evalModules` ends.
const EVAL_MODULES: &str = ".evalModules";

/// What `lib.nixosSystem` would be called with in place of a function that is called `text`; none where it makes no
/// hosts.
pub(super) fn arguments<'a>(
    ev: &Evaluator<'a>,
    text: &str,
    argument: &'a Thunk<'a>,
) -> Option<&'a Thunk<'a>> {
    // Without NixOS' own modules it is of no class but a given one.
    if text.ends_with(EVAL_MODULES) {
        let class = Attr { name: *names::CLASS_NAME, value: ev.value(Value::Null), span: None };
        return Some(with_lib_of_others(ev, argument, vec![class]));
    }
    // A wrapper around the function, which is called after it, takes the same, as it seems.
    if text.ends_with(".nixosSystem") {
        return Some(with_lib_of_others(ev, argument, Vec::new()));
    }
    let taken = if text.ends_with(EVAL_CONFIG) {
        argument
    } else if text.ends_with(NIXOS) {
        ev.lazy(move |ev| of_configuration(ev, argument))
    } else if is_of_packages(text) {
        ev.lazy(move |ev| of_modules(ev, argument))
    } else {
        return None;
    };
    Some(match ev.is_of_checkout(text) {
        true if is_of_packages(text) => system::arguments_of_packages(ev, taken),
        true => system::arguments_of_eval_config(ev, taken),
        false => with_lib_of_others(ev, taken, Vec::new()),
    })
}

/// The arguments for a function that passes the `lib` of its own nixpkgs.
fn with_lib_of_others<'a>(
    ev: &Evaluator<'a>,
    arguments: &'a Thunk<'a>,
    defaults: Vec<Attr<'a>>,
) -> &'a Thunk<'a> {
    let defaults = ev.attrs(defaults);
    ev.lazy(move |ev| {
        let lib = ev.attrs(vec![ev.attr("_lib", ev.value(ev.lib_of_others()))]);
        let given = ev.update_attrs(ev.force_attrs(arguments)?, lib);
        Ok(Value::Attrs(ev.update_attrs(defaults, given)))
    })
}

/// `import "${nixpkgs}/nixos" { configuration = …; }`
fn of_configuration<'a>(ev: &Evaluator<'a>, argument: &'a Thunk<'a>) -> Eval<'a> {
    let given = ev.force_attrs(argument)?;
    let configuration = match given.get(Symbol::new("configuration")) {
        Some(configuration) => configuration.value,
        // The environment names another one.
        None => ev.stopped(ev.unknown(Reason::Impure("<nixos-config>"), None)),
    };
    let modules = ev.attr("modules", ev.value(ev.list(&[configuration])));
    let mut taken = vec![modules];
    let others = ["specialArgs", "system"].map(Symbol::new);
    taken.extend(others.iter().filter_map(|name| given.get(*name)).copied());
    Ok(Value::Attrs(ev.open_attrs(taken, given.rest)))
}

/// Whether it is the function `nixos` of a package set.
fn is_of_packages(text: &str) -> bool {
    let packages = text.strip_suffix(".nixos");
    packages.is_some_and(|packages| packages == "pkgs" || packages.contains("nixpkgs"))
}

/// `pkgs.nixos …`, which takes a module or a list of them (`pkgs/top-level/all-packages.nix`). What it adds is about
/// packages only.
fn of_modules<'a>(ev: &Evaluator<'a>, argument: &'a Thunk<'a>) -> Eval<'a> {
    let modules = match ev.force(argument)? {
        Value::List(_) => argument,
        _ => ev.value(ev.list(&[argument])),
    };
    Ok(Value::Attrs(ev.attrs(vec![ev.attr("modules", modules)])))
}
