//! What Nix does not get past when it looks for the modules of a host.

use nixpact_eval::Evaluator;
use nixpact_modules::{Module, Universe};
use nixpact_source::Span;
use nixpact_syntax::{Attribute, Expr};

use crate::nearest::nearest;
use crate::nix::assertions::FailedAssertion;
use crate::nix::failure::{self, Failure};
use crate::nix::imports::{self, MissingImport};
use crate::nix::recursion::Recursion;
use crate::plain::name_places;

/// Why the modules of a host cannot be put together.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Stops {
    /// The first error on the way to all modules.
    pub failure: Option<Failure>,
    pub missing: Vec<MissingImport>,
    /// In the order of the modules.
    pub unsupported: Vec<UnsupportedAttribute>,
    /// Where the configuration is asked for to say which modules make it.
    pub cycles: Vec<Span>,
    /// Options of the repository, besides those of services, whose value needs itself.
    pub recursions: Vec<Recursion>,
    /// Of a host that is known to be one; where it has services, those of NixOS alone.
    pub assertions: Vec<FailedAssertion>,
}

/// An attribute beside `config` or `options` in a module.
#[derive(Clone, PartialEq, Debug)]
pub struct UnsupportedAttribute {
    pub name: String,
    /// Where its name is written.
    pub span: Span,
    /// The attribute for whose sake it is refused, and where its name is written.
    pub explicit: (String, Option<Span>),
    /// The attribute of a module that was likely meant.
    pub meant: Option<&'static str>,
    /// Where the name could be written anew: all places in this set, or none.
    pub names: Vec<Span>,
    /// The name may follow `config.` in these places.
    pub may_move: bool,
}

/// Looks at the modules of a host, as they were found.
pub(crate) fn stops<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Stops {
    let collected = universe.collected(ev);
    let unsupported = unsupported(ev, universe);
    // Those have findings of their own.
    let failure = collected.failure.filter(|_| unsupported.is_empty());
    Stops {
        failure: failure::of_stop(ev, failure),
        missing: imports::of_host(ev, universe),
        unsupported,
        recursions: Vec::new(),
        assertions: Vec::new(),
        cycles: collected.cycles.to_vec(),
    }
}

/// The attributes that `unifyModuleSyntax` of nixpkgs refuses.
pub(crate) fn unsupported<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
) -> Vec<UnsupportedAttribute> {
    let modules = universe.collected(ev).modules.iter();
    modules.filter(|it| !it.unsupported.is_empty()).flat_map(|it| refused_by(ev, it)).collect()
}

fn refused_by<'a>(ev: &Evaluator<'a>, module: &Module<'a>) -> Vec<UnsupportedAttribute> {
    const STRUCTURE: &[&str] =
        &["config", "disabledModules", "freeformType", "imports", "meta", "options"];
    let Some(explicit) = module.explicit else { return Vec::new() };
    let own = module.unsupported.iter().filter(|attr| !attr.name.as_str().starts_with('_'));
    own.filter_map(|attr| {
        let (name, span) = (attr.name.as_str(), attr.span?);
        let names = name_places(ev, Some(span), name);
        Some(UnsupportedAttribute {
            name: name.to_owned(),
            span,
            explicit: (explicit.name.to_string(), explicit.span),
            meant: nearest(name, STRUCTURE.iter().copied())
                .and_then(|near| STRUCTURE.iter().copied().find(|known| *known == near)),
            may_move: takes_more(ev, span, explicit.name.as_str() == "config", explicit.span),
            names,
        })
    })
    .collect()
}

/// Whether `config.name = …` can stand in the set in which the name at `span` stands: `config` is not
/// there yet, or a set literal.
fn takes_more(ev: &Evaluator<'_>, span: Span, has_config: bool, config: Option<Span>) -> bool {
    if !has_config {
        return true;
    }
    let (Some(ast), Some(config)) = (ev.ast(span.file), config) else { return false };
    // What stands in another set would be replaced.
    ast.sets.iter().map(|set| ast.attributes(set)).any(|attributes| {
        let find =
            |at: Span| attributes.iter().find(|attribute| attribute.span == (at.start, at.end));
        let is_set = |config: &Attribute| matches!(ast.expr(config.value), Expr::Set(_));
        config.file == span.file && find(span).is_some() && find(config).is_some_and(is_set)
    })
}
