//! NixOS' own modules, where a checkout of nixpkgs is at hand.

use nixpact_eval::{Attr, Attrs, Eval, Evaluator, External, Piece, Reason, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::class::Class;
use crate::collect::Source;
use crate::foreign::is_foreign;
use crate::hosts::given;
use crate::library::evaluation;
use crate::names;
use crate::property::{Wrapper, wrap};
use crate::universe::{Special, Universe};

/// In the arguments of an evaluation with NixOS' own modules, those that `lib.nixosSystem` was given.
const GIVEN: &str = "_given";

/// What `lib.evalModules` is called with by the checkout's own `lib.nixosSystem`.
pub(crate) fn arguments<'a>(ev: &Evaluator<'a>, given: &'a Thunk<'a>) -> &'a Thunk<'a> {
    made_by(ev, ev.real_nixos_system(), given, Vec::new())
}

/// What it is called with by the checkout's `nixos/lib/eval-config.nix`, which a repository without a flake calls.
pub(crate) fn arguments_of_eval_config<'a>(
    ev: &Evaluator<'a>,
    given: &'a Thunk<'a>,
) -> &'a Thunk<'a> {
    // `builtins.currentSystem`, of which a string is known.
    let unknown = ev.unknown_ref(Reason::Impure("builtins.currentSystem"), None);
    let system = Value::Template(ev.arena.alloc_slice_copy(&[Piece::Unknown(unknown)]));
    made_by(ev, ev.real_eval_config(), given, vec![ev.attr("system", ev.value(system))])
}

/// The same for a package set's `nixos`, which says where its packages and its platform come from.
pub(crate) fn arguments_of_packages<'a>(ev: &Evaluator<'a>, given: &'a Thunk<'a>) -> &'a Thunk<'a> {
    let default = by_default(ev, ev.external(External::Packages, "pkgs"));
    let set = |attrs| ev.value(Value::Attrs(ev.attrs(attrs)));
    let own = ["pkgs", "localSystem"].map(|name| ev.attr(name, default)).to_vec();
    let module = set(vec![ev.attr("nixpkgs", set(own))]);
    let defaults = vec![
        ev.attr("extraModules", ev.value(ev.list(&[module]))),
        ev.attr("system", ev.value(Value::Null)),
    ];
    made_by(ev, ev.real_eval_config(), given, defaults)
}

/// What it is called with by a function of the checkout that gets `given`, and of `defaults` what is not in that.
fn made_by<'a>(
    ev: &Evaluator<'a>,
    function: Option<&'a Thunk<'a>>,
    given: &'a Thunk<'a>,
    defaults: Vec<Attr<'a>>,
) -> &'a Thunk<'a> {
    let Some(function) = function else { return given };
    let defaults = ev.attrs(defaults);
    ev.lazy(move |ev| match ev.unnoted(|| whole(ev, function, given, defaults)) {
        Ok(Some(whole)) => Ok(Value::Attrs(whole)),
        // It is looked at as far as its own modules go.
        Ok(None) | Err(_) => ev.force(given),
    })
}

fn whole<'a>(
    ev: &Evaluator<'a>,
    system: &'a Thunk<'a>,
    given: &'a Thunk<'a>,
    defaults: &'a Attrs<'a>,
) -> Eval<'a, Option<&'a Attrs<'a>>> {
    let attrs = ev.force_closed_attrs(given)?;
    let mut own: Vec<Attr<'a>> = ev.update_attrs(defaults, attrs).unordered().to_vec();
    own.retain(|attr| attr.name.as_str() != "_lib");
    if let Some(lib) = attrs.get(Symbol::new("_lib"))
        && !ev.is_lib_of_flake(lib.value)
    {
        // Another nixpkgs has other modules.
        if !ev.extends_lib_of_flake(lib.value) || !ev.nixos_system_names("lib") {
            return Ok(None);
        }
        if attrs.get(*names::LIB).is_none() {
            own.push(Attr { name: *names::LIB, ..*lib });
        }
    }
    // Else it asks the environment, of which a flake sees nothing, and where the modules are written, which
    // only errors tell.
    for (name, nothing) in [("extraModules", ev.list(&[])), ("modulesLocation", Value::Null)] {
        let is_given = own.iter().any(|attr| attr.name.as_str() == name);
        if !is_given && ev.nixos_system_names(name) {
            own.push(ev.attr(name, ev.value(nothing)));
        }
    }
    let own = ev.value(Value::Attrs(ev.attrs(own)));
    let configuration = ev.force_attrs(ev.apply(system, &[own]))?;
    let Some(whole) = evaluation::arguments(configuration) else { return Ok(None) };
    let given = ev.attrs(vec![ev.attr(GIVEN, given)]);
    Ok(Some(ev.update_attrs(ev.force_attrs(whole)?, given)))
}

/// The universe of a host; where [`arguments`] found NixOS' own modules, these are in one beside it.
pub(crate) fn universe<'a>(
    ev: &Evaluator<'a>,
    arguments: &'a Thunk<'a>,
) -> Eval<'a, &'a Universe<'a>> {
    let arguments = ev.force_attrs(arguments)?;
    let of_nixos = |(sources, special): (Vec<Source<'a>>, Special<'a>)| {
        let class = match arguments.get(*names::CLASS_NAME) {
            Some(_) => special.class,
            None => Class::Named("nixos"),
        };
        (sources, Special { class, ..special })
    };
    let (mut sources, special) = of_nixos(given(ev, arguments)?);
    let Some(own) = arguments.get(Symbol::new(GIVEN)) else {
        sources.extend(platform(ev, arguments));
        return Ok(Universe::host(ev, &sources, special, None));
    };
    let whole = Universe::system(ev, &sources, special);
    let own = ev.force_attrs(own.value)?;
    let (mut sources, _) = given(ev, own)?;
    sources.extend(platform(ev, own));
    Ok(Universe::host(ev, &sources, special, Some(whole)))
}

/// `mkDefault`
fn by_default<'a>(ev: &Evaluator<'a>, value: &'a Thunk<'a>) -> &'a Thunk<'a> {
    wrap(ev, &[Wrapper::Override(ev.value(Value::Int(1000)))], value)
}

/// The module that `nixos/lib/eval-config.nix` makes of two of its arguments.
fn platform<'a>(ev: &Evaluator<'a>, arguments: &'a Attrs<'a>) -> Option<Source<'a>> {
    // What `lib.evalModules` takes is no platform.
    if arguments.get(*names::CLASS_NAME).is_some() {
        return None;
    }
    let option = |name: &str, value: &'a Thunk<'a>| {
        let option = ev.value(Value::Attrs(ev.attrs(vec![ev.attr(name, value)])));
        ev.value(Value::Attrs(ev.attrs(vec![ev.attr("nixpkgs", option)])))
    };
    let given = |name: &str| {
        let given = arguments.get(Symbol::new(name))?.value;
        (!matches!(ev.force(given), Ok(Value::Null))).then_some(given)
    };
    let system = given("system").map(|system| option("system", by_default(ev, system)));
    let packages = given("pkgs").map(|packages| option("pkgs", packages));
    let modules: Vec<_> = system.into_iter().chain(packages).collect();
    (!modules.is_empty()).then(|| {
        let imports = ev.attrs(vec![ev.attr("imports", ev.value(ev.list(&modules)))]);
        Source::Module(ev.value(Value::Attrs(imports)), None)
    })
}

impl<'a> Universe<'a> {
    /// The same host with NixOS' own modules, where no others define options of NixOS: a host that has
    /// modules of other flakes, or one that is an error, is what it would be without the checkout of nixpkgs.
    pub fn whole(&'a self, ev: &Evaluator<'a>) -> Option<&'a Universe<'a>> {
        let whole = self.whole?;
        if self.ready(ev).is_err() || whole.ready(ev).is_err() {
            return None;
        }
        let is_whole = match ev.recall(&self.is_whole) {
            Some(known) => *known,
            None => {
                let is_known = |universe: &'a Universe<'a>| {
                    let collected = universe.collected(ev);
                    let is_foreign = |unknown: &&Unknown<'a>| is_foreign(ev, unknown);
                    collected.failure.is_none() && !collected.unknown.iter().any(is_foreign)
                };
                let is_whole = ev.remember(&self.is_whole, || is_known(self) && is_known(whole));
                *self.is_whole.get_or_init(|| is_whole)
            }
        };
        is_whole.then_some(whole)
    }

    /// With NixOS' own modules, where these are known.
    pub fn in_full(&'a self, ev: &Evaluator<'a>) -> &'a Universe<'a> {
        self.whole(ev).unwrap_or(self)
    }

    /// Whether all of its modules are known, NixOS' own among them.
    pub fn is_whole(&'a self, ev: &Evaluator<'a>) -> bool {
        let is_known = || {
            let collected = self.collected(ev);
            collected.failure.is_none() && collected.unresolved.is_empty()
        };
        self.is_system() && self.special.rest.is_none() && is_known()
    }
}

/// Whether something unknown is what nixpkgs' own function gives.
pub(crate) fn is_package_set(unknown: &Unknown<'_>) -> bool {
    matches!(unknown.reason, Reason::External(External::Packages | External::Nixpkgs, _))
}
