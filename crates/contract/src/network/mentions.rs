//! Which middlewares the text of the repository names.

use nixpact_eval::{Evaluator, Value};
use nixpact_modules::Universe;
use nixpact_syntax::{Ast, Asts, Expr, KeyName, Part, Symbol};
use rustc_hash::FxHashSet;

use crate::datum::{Datum, Located, located};
use crate::hosts::Named;
use crate::model::{Host, Model};
use crate::roles::Role;

/// The middlewares in use that stand as an attribute's name anywhere in the repository: such a name
/// may well be defined in a way that is not followed.
pub(crate) fn attribute_names(asts: &Asts, model: &Model) -> FxHashSet<Box<str>> {
    let mut used: FxHashSet<Symbol> = FxHashSet::default();
    for host in &model.hosts {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            let field = service.role(contract, Role::Middlewares);
            let names = field.map(|field| field.value.items()).unwrap_or_default();
            let names = names.iter().filter_map(Located::as_str);
            let known = |name: &&str| host.middlewares.get(name).is_some();
            used.extend(names.filter(|name| !known(name)).map(Symbol::new));
        }
    }
    if used.is_empty() {
        return FxHashSet::default();
    }
    let mut found = FxHashSet::default();
    for ast in asts.iter() {
        let names = ast.attributes.iter().map(|attribute| attribute.name);
        let keys = ast.keys.iter().filter_map(|key| match key.name {
            KeyName::Static(name) => Some(name),
            KeyName::Dynamic(_) => None,
        });
        found.extend(
            names.chain(keys).filter(|name| used.contains(name)).map(|n| Box::from(n.as_str())),
        );
    }
    found
}

/// Fills [`Middlewares::unused`](crate::Middlewares::unused): nothing that is evaluated or written names
/// them. The routers of Traefik are evaluated only where the text alone names some of them nowhere.
pub(crate) fn mark_unused<'a>(
    ev: &Evaluator<'a>,
    asts: &Asts,
    universes: &[Named<'a>],
    model: &mut Model,
) {
    let used = used(model);
    let candidates = |host: &Host| -> Vec<usize> {
        let all = host.middlewares.all.iter().enumerate();
        let is_meant = |name: &str| !used.contains(name);
        all.filter(|(_, it)| it.span.is_some() && is_meant(&it.name)).map(|(at, _)| at).collect()
    };
    let mut by_host: Vec<Vec<usize>> = model.hosts.iter().map(candidates).collect();
    let names: FxHashSet<&str> = model
        .hosts
        .iter()
        .zip(&by_host)
        .flat_map(|(host, found)| found.iter().map(|at| host.middlewares.all[*at].name.as_str()))
        .collect();
    let unnamed: FxHashSet<String> = names
        .into_iter()
        .filter(|name| !asts.iter().any(|ast| names_it(ast, name)))
        .map(str::to_owned)
        .collect();
    if unnamed.is_empty() {
        return;
    }
    for ((host, found), named) in model.hosts.iter_mut().zip(&mut by_host).zip(universes) {
        found.retain(|at| unnamed.contains(&host.middlewares.all[*at].name));
        if found.is_empty() {
            continue;
        }
        ev.reset_steps();
        let Some(routed) = routed(ev, named.universe) else { continue };
        found.retain(|at| !routed.contains(host.middlewares.all[*at].name.as_str()));
        host.middlewares.unused = std::mem::take(found);
    }
}

/// The names that services and chains use, without the provider.
fn used(model: &Model) -> FxHashSet<Box<str>> {
    let mut used = FxHashSet::default();
    let mut add = |items: &[Located]| {
        for name in items.iter().filter_map(Located::as_str) {
            used.insert(without_provider(name).into());
        }
    };
    for host in model.all() {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            if let Some(field) = service.role(contract, Role::Middlewares) {
                add(field.value.items());
            }
        }
        host.middlewares.all.iter().for_each(|it| add(&it.chain));
    }
    used
}

/// `auth` of `auth@file`.
pub(crate) fn without_provider(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}

/// Whether a file names something other than as an attribute that it defines: in a text, as a selection,
/// or in a text of which only the beginning or the end is written.
fn names_it(ast: &Ast, name: &str) -> bool {
    let symbol = Symbol::new(name);
    ast.texts.contains(name)
        || ast.keys.iter().any(|key| matches!(key.name, KeyName::Static(known) if known == symbol))
        || ast.exprs.iter().any(|expr| {
            matches!(expr, Expr::Template(parts) if {
                let parts = &ast.parts[parts.indices()];
                let text = |part: Option<&Part>| match part {
                    Some(Part::Text(text)) => Some(ast.text(*text)).filter(|text| text.len() > 1),
                    _ => None,
                };
                text(parts.first()).is_some_and(|text| name.starts_with(text))
                    || text(parts.last()).is_some_and(|text| name.ends_with(text))
            })
        })
}

/// The middlewares of all routers that Traefik is given; `None` where they are not all known.
fn routed<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Option<FxHashSet<Box<str>>> {
    let mut found = FxHashSet::default();
    for protocol in ["http", "tcp"] {
        let path = ["services", "traefik", "dynamicConfigOptions", protocol, "routers"];
        let path: Vec<Symbol> = path.iter().map(|name| Symbol::new(name)).collect();
        let Some(node) = universe.node(ev, &path) else { continue };
        let Ok(Value::Attrs(routers)) = ev.force(node.value(ev)) else { return None };
        for router in routers.unordered() {
            let Ok(Value::Attrs(router)) = ev.force(router.value) else { return None };
            let Some(middlewares) = router.get(Symbol::new("middlewares")) else { continue };
            let middlewares = located(ev, middlewares.value);
            // NixOS itself adds none.
            let is_whole = match &middlewares.datum {
                Datum::List { rest, .. } => {
                    rest.as_ref().is_none_or(|rest| rest.kind == "foreign-option")
                }
                _ => false,
            };
            if !is_whole {
                return None;
            }
            for member in middlewares.items() {
                found.insert(without_provider(member.as_str()?).into());
            }
        }
    }
    Some(found)
}
