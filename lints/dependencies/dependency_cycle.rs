//! Services wait for each other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use nixpact_contract::{Host, Model};
use nixpact_diagnostics::Diagnostic;

use super::edges::{Edge, by_name, edges};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{member_span, quoted_list};

declare_lint! {
    #[doc = include_str!("dependency_cycle.md")]
    pub static DEPENDENCY_CYCLE = {
        name: "dependency-cycle",
        summary: "services depend on each other in a cycle, or one on itself",
        level: Level::Deny,
        check,
    }
}

/// What each enabled service needs, by its name.
type Graph<'m> = BTreeMap<&'m str, Vec<Edge<'m>>>;

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for (index, contract) in model.contracts.iter().enumerate() {
            let mut graph = edges(contract, &by_name(host, index));
            // What needs nothing is in no cycle.
            graph.retain(|_, edges| !edges.is_empty());
            for edge in graph.values().flatten().filter(|edge| edge.to == edge.from.name) {
                sink.push(itself(host, edge, sink));
            }
            for members in components(&graph).iter().filter(|members| members.len() > 1) {
                if let Some(cycle) = shortest_cycle(&graph, members) {
                    sink.push(in_cycle(host, &cycle, members, sink));
                }
            }
        }
    }
}

/// The groups of services that all need each other, each sorted, in the order of their first names
/// (Kosaraju's algorithm; no call within a call, since a chain may be as long as the list of services).
fn components<'m>(graph: &Graph<'m>) -> Vec<Vec<&'m str>> {
    let mut before: BTreeMap<&str, Vec<&'m str>> = BTreeMap::default();
    for (name, edges) in graph {
        for edge in edges {
            before.entry(edge.to).or_default().push(name);
        }
    }
    let mut seen = BTreeSet::default();
    let mut components: Vec<Vec<&'m str>> = Vec::new();
    for start in finished(graph).into_iter().rev() {
        let (mut members, mut open) = (Vec::new(), vec![start]);
        while let Some(name) = open.pop() {
            if seen.insert(name) {
                members.push(name);
                open.extend(before.get(name).into_iter().flatten());
            }
        }
        members.sort_unstable();
        components.push(members);
    }
    components.sort();
    components
}

/// The services in the order in which a search that goes deep first leaves them.
fn finished<'m>(graph: &Graph<'m>) -> Vec<&'m str> {
    let mut seen = BTreeSet::default();
    let mut left = Vec::with_capacity(graph.len());
    for start in graph.keys().copied() {
        if !seen.insert(start) {
            continue;
        }
        let mut way = vec![(start, 0)];
        while let Some((name, at)) = way.last_mut() {
            let Some(edge) = graph.get(name).and_then(|edges| edges.get(*at)) else {
                left.push(*name);
                way.pop();
                continue;
            };
            *at += 1;
            if let Some((to, _)) = graph.get_key_value(edge.to)
                && seen.insert(*to)
            {
                way.push((*to, 0));
            }
        }
    }
    left
}

/// The shortest way from the first of a group back to itself, through at least one other.
fn shortest_cycle<'m>(graph: &Graph<'m>, members: &[&'m str]) -> Option<Vec<Edge<'m>>> {
    let start = *members.first()?;
    let mut reached: BTreeMap<&str, Edge<'m>> = BTreeMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(name) = queue.pop_front() {
        for edge in graph.get(name).into_iter().flatten().filter(|it| it.to != it.from.name) {
            if edge.to == start {
                return way_back(start, *edge, &reached);
            }
            if members.binary_search(&edge.to).is_ok() && !reached.contains_key(edge.to) {
                reached.insert(edge.to, *edge);
                queue.push_back(edge.to);
            }
        }
    }
    None
}

/// The uses from `start` to one that leads back there.
fn way_back<'m>(
    start: &str,
    last: Edge<'m>,
    reached: &BTreeMap<&str, Edge<'m>>,
) -> Option<Vec<Edge<'m>>> {
    let mut cycle = vec![last];
    let mut from = last.from.name.as_str();
    while from != start {
        let before = *reached.get(from)?;
        cycle.push(before);
        from = before.from.name.as_str();
    }
    cycle.reverse();
    Some(cycle)
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

fn in_cycle(host: &Host, cycle: &[Edge<'_>], members: &[&str], sink: &Sink<'_>) -> Diagnostic {
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
    if members.len() > cycle.len() {
        finding = finding.note(format!(
            "{} all need each other, in this cycle and in others",
            quoted_list(members.iter().copied())
        ));
    }
    finding.note("Fix: remove one of these dependencies")
}
