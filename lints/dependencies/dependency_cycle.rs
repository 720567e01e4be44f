//! Services wait for each other.

use std::collections::{BTreeMap, VecDeque};

use nixpact_contract::{Host, Model};
use nixpact_diagnostics::Diagnostic;
use rustc_hash::FxHashMap;

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

/// What services need.
struct Graph<'m> {
    /// In the order of their names; only those that need something.
    nodes: Vec<Vec<Edge<'m>>>,
    /// By node, the others that it needs, by position.
    needs: Vec<Vec<(usize, Edge<'m>)>>,
}

impl<'m> Graph<'m> {
    fn new(edges: BTreeMap<&'m str, Vec<Edge<'m>>>) -> Graph<'m> {
        let nodes: Vec<_> = edges.into_values().filter(|edges| !edges.is_empty()).collect();
        let names = nodes.iter().map(|edges| name(edges));
        let position: FxHashMap<&str, usize> = names.zip(0..).collect();
        let needs = nodes.iter().map(|edges| {
            let others = edges.iter().filter(|edge| edge.to != edge.from.name);
            others.filter_map(|edge| Some((*position.get(edge.to)?, *edge))).collect()
        });
        let needs = needs.collect();
        Graph { nodes, needs }
    }
}

/// Whose needs these are.
fn name<'m>(edges: &[Edge<'m>]) -> &'m str {
    edges.first().map_or("", |edge| &edge.from.name)
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for (index, contract) in model.contracts.iter().enumerate() {
            let graph = Graph::new(edges(contract, &by_name(host, index)));
            for edge in graph.nodes.iter().flatten().filter(|edge| edge.to == edge.from.name) {
                sink.push(itself(host, edge, sink));
            }
            for members in components(&graph).iter().filter(|members| members.len() > 1) {
                if let Some(cycle) = shortest_cycle(&graph, members) {
                    let names: Vec<&str> =
                        members.iter().map(|at| name(&graph.nodes[*at])).collect();
                    sink.push(in_cycle(host, &cycle, &names, sink));
                }
            }
        }
    }
}

/// The groups of services that all need each other, each sorted, in the order of their first names
/// (Kosaraju's algorithm; no call within a call, since a chain may be as long as the list of services).
fn components(graph: &Graph<'_>) -> Vec<Vec<usize>> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for (from, needs) in graph.needs.iter().enumerate() {
        for (to, _) in needs {
            before[*to].push(from);
        }
    }
    let mut seen = vec![false; graph.nodes.len()];
    let mut components: Vec<Vec<usize>> = Vec::new();
    for start in finished(graph).into_iter().rev() {
        let (mut members, mut open) = (Vec::new(), vec![start]);
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                members.push(node);
                open.extend(&before[node]);
            }
        }
        members.sort_unstable();
        components.push(members);
    }
    components.sort();
    components
}

/// The services in the order in which a search that goes deep first leaves them.
fn finished(graph: &Graph<'_>) -> Vec<usize> {
    let mut seen = vec![false; graph.nodes.len()];
    let mut left = Vec::with_capacity(graph.nodes.len());
    for start in 0..graph.nodes.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut way = vec![(start, 0)];
        while let Some((node, at)) = way.last_mut() {
            let Some((to, _)) = graph.needs[*node].get(*at) else {
                left.push(*node);
                way.pop();
                continue;
            };
            *at += 1;
            if !std::mem::replace(&mut seen[*to], true) {
                way.push((*to, 0));
            }
        }
    }
    left
}

/// The shortest way from the first of a group back to itself, through at least one other.
fn shortest_cycle<'m>(graph: &Graph<'m>, members: &[usize]) -> Option<Vec<Edge<'m>>> {
    let start = *members.first()?;
    // By what is reached, from where and by which use.
    let mut reached: FxHashMap<usize, (usize, Edge<'m>)> = FxHashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for (to, edge) in &graph.needs[node] {
            if *to == start {
                return way_back(start, (node, *edge), &reached);
            }
            if members.binary_search(to).is_ok() && !reached.contains_key(to) {
                reached.insert(*to, (node, *edge));
                queue.push_back(*to);
            }
        }
    }
    None
}

/// The uses from `start` to one that leads back there.
fn way_back<'m>(
    start: usize,
    (mut node, last): (usize, Edge<'m>),
    reached: &FxHashMap<usize, (usize, Edge<'m>)>,
) -> Option<Vec<Edge<'m>>> {
    let mut cycle = vec![last];
    while node != start {
        let (before, edge) = *reached.get(&node)?;
        cycle.push(edge);
        node = before;
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
