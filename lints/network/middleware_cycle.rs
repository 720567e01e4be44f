//! A chain of middlewares leads back to itself.

use std::collections::{BTreeMap, VecDeque};

use nixpact_contract::{Host, Located, Middleware, Middlewares, Model};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("middleware_cycle.md")]
    pub static MIDDLEWARE_CYCLE = {
        name: "middleware-cycle",
        summary: "a chain of middlewares leads back to itself",
        level: Level::Deny,
        check,
    }
}

/// A chain, and the member of it that is named next.
type Step<'m> = (&'m Middleware, &'m Located);

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for start in &host.middlewares.all {
            if let Some(cycle) = cycle(&host.middlewares, start) {
                let finding = diagnostic(host, &cycle, sink);
                sink.push(finding);
            }
        }
    }
}

/// The shortest way from a chain back to itself through those that come after it by name, so that each
/// cycle has one beginning.
fn cycle<'m>(all: &'m Middlewares, start: &'m Middleware) -> Option<Vec<Step<'m>>> {
    let mut reached: BTreeMap<&str, Step<'m>> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(chain) = queue.pop_front() {
        for member in &chain.chain {
            let Some(next) = member.as_str().and_then(|name| all.get(own_name(name))) else {
                continue;
            };
            if next.name == start.name {
                return Some(way_back(start, (chain, member), &reached));
            }
            if next.name > start.name && !reached.contains_key(next.name.as_str()) {
                reached.insert(&next.name, (chain, member));
                queue.push_back(next);
            }
        }
    }
    None
}

/// `auth` of `auth@file`, which is the provider of what a repository writes down; no other's.
fn own_name(name: &str) -> &str {
    name.strip_suffix("@file").unwrap_or(name)
}

fn way_back<'m>(
    start: &Middleware,
    last: Step<'m>,
    reached: &BTreeMap<&str, Step<'m>>,
) -> Vec<Step<'m>> {
    let mut steps = vec![last];
    let mut chain = last.0;
    while chain.name != start.name {
        let Some(step) = reached.get(chain.name.as_str()) else { break };
        steps.push(*step);
        chain = step.0;
    }
    steps.reverse();
    steps
}

fn diagnostic(host: &Host, cycle: &[Step<'_>], sink: &Sink<'_>) -> Diagnostic {
    let names = cycle.iter().chain(cycle.first()).map(|(chain, _)| format!("'{}'", chain.name));
    let names: Vec<String> = names.collect();
    let message = format!("Middleware cycle: {}", names.join(" → "));
    let mut finding = sink.finding(Some(host), message);
    for (at, (chain, member)) in cycle.iter().enumerate() {
        let Some(span) = member.span.or(chain.span) else { continue };
        let label = format!("the chain '{}' goes on here", chain.name);
        finding = match at {
            0 => finding.primary(span, label),
            _ => finding.secondary(span, label),
        };
    }
    finding
        .note("Traefik serves no route that uses one of them")
        .note("Fix: remove one of the names")
}
