//! A service depends on one that is declared and does not run.

use nixpact_contract::{Contract, Enabled, FieldState, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;

use super::edges::{Edge, by_name, edges, runs_besides};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, member_span};

declare_lint! {
    #[doc = include_str!("disabled_dependency.md")]
    pub static DISABLED_DEPENDENCY = {
        name: "disabled-dependency",
        summary: "a service depends on one that is declared and does not run",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for (index, contract) in model.contracts.iter().enumerate() {
            let services = by_name(host, index);
            for edge in edges(contract, &services).values().flatten() {
                let here = services.get(edge.to).copied();
                let finding = match here.map(|target| &target.enabled) {
                    Some(Enabled::Yes | Enabled::Unknown(_)) => None,
                    Some(Enabled::No) => Some(disabled(host, contract, edge, here, sink)),
                    None if runs_besides(host, index, edge.to) => None,
                    None => elsewhere(model, index, edge.to)
                        .map(|there| absent(model, host, contract, edge, there, sink)),
                };
                if let Some(finding) = finding {
                    sink.push(finding);
                }
            }
        }
    }
}

/// A service of the same contract on another host, or in a file that no host imports.
fn elsewhere<'m>(model: &'m Model, contract: usize, name: &str) -> Option<(&'m Host, &'m Service)> {
    let homes = model.hosts.iter().chain(&model.loose);
    let mut found = homes.flat_map(|host| host.services.iter().map(move |it| (host, it)));
    found.find(|(_, service)| service.contract == contract && service.name == name)
}

fn begin(host: &Host, edge: &Edge<'_>, sink: &Sink<'_>) -> Diagnostic {
    let (from, to) = (&edge.from.name, edge.to);
    let message = format!("Service '{from}' depends on '{to}' which is not enabled");
    let finding = sink.finding(Some(host), message).service(from).service(to);
    match member_span(edge.member, edge.field, edge.from) {
        Some(span) => finding.primary(span, format!("'{from}' needs it")),
        None => finding,
    }
}

fn disabled(
    host: &Host,
    contract: &Contract,
    edge: &Edge<'_>,
    target: Option<&Service>,
    sink: &Sink<'_>,
) -> Diagnostic {
    let mut finding = begin(host, edge, sink);
    let Some(target) = target else { return finding };
    let switch = target.role(contract, Role::Enable);
    let place = switch.and_then(|field| field.definitions.first()?.value).or(target.span);
    if let Some(span) = place {
        let label = match switch.map(|field| field.state) {
            Some(FieldState::Defined) => format!("'{}' is switched off here", edge.to),
            _ => format!("'{}' is declared here, and nothing switches it on", edge.to),
        };
        finding = finding.secondary(span, label);
    }
    match contract.role(Role::Enable) {
        Some(switch) => finding.note(fix(contract, edge.to, &switch.name, "true")),
        None => finding,
    }
}

fn absent(
    model: &Model,
    host: &Host,
    contract: &Contract,
    edge: &Edge<'_>,
    (home, there): (&Host, &Service),
    sink: &Sink<'_>,
) -> Diagnostic {
    let mut finding = begin(host, edge, sink);
    let is_loose = model.loose.iter().any(|loose| std::ptr::eq(loose, home));
    let label = match (&home.name, is_loose) {
        (Some(name), false) => format!("only the host '{name}' has it"),
        _ => "it is declared here, in a file that this host does not import".to_owned(),
    };
    if let Some(span) = there.span {
        finding = finding.secondary(span, label);
    }
    finding = finding.note("Fix: import its module on this host, and switch it on");
    match contract.role(Role::Enable) {
        Some(switch) => finding.note(fix(contract, edge.to, &switch.name, "true")),
        None => finding,
    }
}
