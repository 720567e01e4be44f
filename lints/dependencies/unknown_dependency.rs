//! A service depends on a name that nothing declares.

use nixpact_contract::{Contract, Host, Model, Role, nearest, string_literal};
use nixpact_diagnostics::Diagnostic;

use super::edges::{Edge, by_name, edges, runs_besides};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, member_span, rewrite};

declare_lint! {
    #[doc = include_str!("unknown_dependency.md")]
    pub static UNKNOWN_DEPENDENCY = {
        name: "unknown-dependency",
        summary: "a service depends on a name that nothing declares",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for (index, contract) in model.contracts.iter().enumerate() {
            let services = by_name(host, index);
            for edge in edges(contract, &services).values().flatten() {
                if !services.contains_key(edge.to)
                    && !runs_besides(host, index, edge.to)
                    && !is_declared_elsewhere(model, index, edge.to)
                {
                    sink.push(unknown(host, contract, edge, services.keys().copied(), sink));
                }
            }
        }
    }
}

/// On another host, or in a file that no host imports: another lint says that it does not run here.
fn is_declared_elsewhere(model: &Model, contract: usize, name: &str) -> bool {
    let mut others = model.hosts.iter().chain(&model.loose).flat_map(|host| &host.services);
    others.any(|service| service.contract == contract && service.name == name)
}

fn unknown<'m>(
    host: &Host,
    contract: &Contract,
    edge: &Edge<'_>,
    services: impl Iterator<Item = &'m str>,
    sink: &Sink<'_>,
) -> Diagnostic {
    let (from, to) = (&edge.from.name, edge.to);
    let near = nearest(to, services.filter(|name| name != from));
    let message = format!("Service '{from}' depends on '{to}', which nothing declares");
    let mut finding = sink.finding(Some(host), message).service(from);
    if let Some(span) = member_span(edge.member, edge.field, edge.from) {
        let label = match near {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("'{to}' is no service of {}", contract.option),
        };
        finding = finding.primary(span, label);
    }
    if let Some(law) = contract.span {
        finding = finding.secondary(law, "services are declared as members of this option");
    }
    match near {
        Some(near) => {
            if let (Some(span), true) = (edge.member.span, edge.member.is_literal) {
                finding = rewrite(finding, &[span], &string_literal(near));
            }
            finding.note(format!("Fix: write '{near}' in place of '{to}'"))
        }
        None => match contract.role(Role::Enable) {
            Some(switch) => finding
                .note(format!("Fix: remove '{to}' from the list, or declare the service"))
                .note(fix(contract, to, &switch.name, "true")),
            None => finding.note(format!("Fix: remove '{to}' from the list, or declare it")),
        },
    }
}
