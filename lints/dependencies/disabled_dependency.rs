//! A service depends on one that does not run, on itself, or in a cycle.

use std::collections::BTreeMap;

use nixpact_contract::{Contract, Enabled, Field, Host, Located, Model, Role, Service, nearest};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, member_span};

declare_lint! {
    #[doc = include_str!("disabled_dependency.md")]
    pub static DISABLED_DEPENDENCY = {
        name: "disabled-dependency",
        summary: "a service depends on one that does not run, on itself, or in a cycle",
        level: Level::Deny,
        check,
    }
}

/// A use of one service by another.
#[derive(Clone, Copy)]
struct Edge<'m> {
    from: &'m Service,
    field: &'m Field,
    to: &'m str,
    member: &'m Located,
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for index in 0..model.contracts.len() {
            check_contract(model, host, index, sink);
        }
    }
}

fn check_contract(model: &Model, host: &Host, index: usize, sink: &mut Sink<'_>) {
    let contract = &model.contracts[index];
    let services: BTreeMap<&str, &Service> = host
        .services
        .iter()
        .filter(|service| service.contract == index)
        .map(|service| (service.name.as_str(), service))
        .collect();
    let edges: BTreeMap<&str, Vec<Edge<'_>>> = services
        .values()
        .filter(|service| service.enabled == Enabled::Yes)
        .map(|service| (service.name.as_str(), edges(contract, service)))
        .collect();
    for edge in edges.values().flatten() {
        if edge.to == edge.from.name {
            sink.push(itself(host, edge, sink));
        } else if let Some(finding) = disabled(host, contract, &services, edge, sink) {
            sink.push(finding);
        }
    }
    for cycle in cycles(&edges) {
        sink.push(in_cycle(host, &cycle, sink));
    }
}

fn edges<'m>(contract: &Contract, from: &'m Service) -> Vec<Edge<'m>> {
    let Some(field) = from.role(contract, Role::DependsOn) else { return Vec::new() };
    let members = field.value.items().iter();
    members.filter_map(|member| Some(Edge { from, field, to: member.as_str()?, member })).collect()
}

fn itself(host: &Host, edge: &Edge<'_>, sink: &Sink<'_>) -> Diagnostic {
    let name = &edge.from.name;
    let finding = sink.finding(Some(host), format!("Service '{name}' depends on itself"));
    let finding = finding.service(name).note(format!("Fix: remove '{name}' from the list"));
    match member_span(edge.member, edge.field, edge.from) {
        Some(span) => finding.primary(span, "this is the service itself"),
        None => finding,
    }
}

fn disabled(
    host: &Host,
    contract: &Contract,
    services: &BTreeMap<&str, &Service>,
    edge: &Edge<'_>,
    sink: &Sink<'_>,
) -> Option<Diagnostic> {
    let target = services.get(edge.to).copied();
    match target.map(|target| &target.enabled) {
        Some(Enabled::Yes | Enabled::Unknown(_)) => return None,
        Some(Enabled::No) => {}
        // A unit, or something that runs without being a service of the contract.
        None if edge.to.contains(['.', '@']) || host.units.contains(edge.to) => return None,
        None => {}
    }
    let (from, to) = (&edge.from.name, edge.to);
    let message = format!("Service '{from}' depends on '{to}' which is not enabled");
    let mut finding = sink.finding(Some(host), message).service(from).service(to);
    if let Some(span) = member_span(edge.member, edge.field, edge.from) {
        finding = finding.primary(span, format!("'{from}' needs it"));
    }
    let switch = contract.role(Role::Enable);
    match (target, switch) {
        (Some(target), Some(switch)) => {
            let field = target.role(contract, Role::Enable);
            let place = field.and_then(|field| field.definitions.first()?.value).or(target.span);
            if let Some(span) = place {
                finding = finding.secondary(span, format!("'{to}' is switched off here"));
            }
            finding = finding.note(fix(contract, to, &switch.name, "true"));
        }
        _ => {
            let names = services.keys().copied();
            finding = finding.note(match nearest(to, names) {
                Some(near) => {
                    format!("'{to}' is no service of {}; did you mean '{near}'?", contract.option)
                }
                None => format!("'{to}' is no service of {}", contract.option),
            });
            if let Some(switch) = switch {
                finding = finding.note(fix(contract, to, &switch.name, "true"));
            }
        }
    }
    Some(finding)
}

/// One cycle for each group of services that need each other, as the uses that close it; it begins at
/// the group's first name.
fn cycles<'m>(edges: &BTreeMap<&'m str, Vec<Edge<'m>>>) -> Vec<Vec<Edge<'m>>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for start in edges.keys().copied() {
        if seen.contains(&start) {
            continue;
        }
        if let Some(cycle) = shortest_cycle(start, edges) {
            seen.extend(cycle.iter().map(|edge| edge.from.name.as_str()));
            found.push(cycle);
        }
    }
    found
}

/// The shortest way from a service back to itself, through at least one other.
fn shortest_cycle<'m>(
    start: &'m str,
    edges: &BTreeMap<&'m str, Vec<Edge<'m>>>,
) -> Option<Vec<Edge<'m>>> {
    let mut reached: BTreeMap<&str, Edge<'m>> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(name) = queue.pop_front() {
        for edge in edges.get(name).into_iter().flatten() {
            if edge.to == edge.from.name {
                continue;
            }
            if edge.to == start {
                let mut cycle = vec![*edge];
                while cycle[0].from.name != start {
                    let before = *reached.get(cycle[0].from.name.as_str())?;
                    cycle.insert(0, before);
                }
                return Some(cycle);
            }
            if edges.contains_key(edge.to) && !reached.contains_key(edge.to) {
                reached.insert(edge.to, *edge);
                queue.push_back(edge.to);
            }
        }
    }
    None
}

fn in_cycle(host: &Host, cycle: &[Edge<'_>], sink: &Sink<'_>) -> Diagnostic {
    let mut names: Vec<String> = cycle.iter().map(|e| format!("'{}'", e.from.name)).collect();
    names.extend(cycle.first().map(|edge| format!("'{}'", edge.from.name)));
    let message = format!("Dependency cycle: {}", names.join(" → "));
    let mut finding = sink.finding(Some(host), message);
    for (at, edge) in cycle.iter().enumerate() {
        finding = finding.service(&edge.from.name);
        let Some(span) = member_span(edge.member, edge.field, edge.from) else { continue };
        let label = format!("'{}' depends on '{}'", edge.from.name, edge.to);
        finding =
            if at == 0 { finding.primary(span, label) } else { finding.secondary(span, label) };
    }
    finding.note("Fix: remove one of these dependencies")
}
