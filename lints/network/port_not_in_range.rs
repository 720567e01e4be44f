//! A port that no protocol has.

use nixpact_contract::{Contract, Field, FindingKind, Host, Model, Role, Service};
use nixpact_source::Span;

use super::url::port;
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, origin, value_span};

declare_lint! {
    #[doc = include_str!("port_not_in_range.md")]
    pub static PORT_NOT_IN_RANGE = {
        name: "port-not-in-range",
        summary: "a port is not between 1 and 65535",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.machines() {
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            check_port(host, contract, service, sink);
            check_url(host, contract, service, sink);
        }
        for bad in &host.network.bad_ports {
            report(host, &bad.option, &bad.shown, bad.span, sink);
        }
        for open in &host.network.open_ports {
            if let Some(port) = open.as_int().filter(|port| !(0..=65_535).contains(port)) {
                report(host, "networking.firewall", &port.to_string(), open.span, sink);
            }
        }
    }
}

/// Where the contract's own type is one of ports, another lint says it; that 0 is no answer, too.
fn check_port(host: &Host, contract: &Contract, service: &Service, sink: &mut Sink<'_>) {
    let Some(decl) = contract.role(Role::Port) else { return };
    let Some(field) = service.role(contract, Role::Port) else { return };
    let is_refused = service.findings.iter().any(|finding| {
        finding.field == decl.name && matches!(finding.kind, FindingKind::WrongType { .. })
    });
    let Some(number) = field.value.as_int().filter(|port| !(0..=65_535).contains(port)) else {
        return;
    };
    if is_refused {
        return;
    }
    let message = message(&number.to_string(), &format!("of service '{}'", service.name));
    let mut finding = sink.finding(Some(host), message).service(&service.name);
    let shown = value_span(field).or(service.span);
    if let Some(span) = shown {
        finding = finding.primary(span, "there is no such port");
    }
    finding = origin(finding, &field.value, shown);
    if let Some(law) = decl.span {
        finding = finding.secondary(law, format!("declared here, as {}", decl.ty));
    }
    sink.push(finding.note(fix(contract, &service.name, &decl.name, "8080")));
}

fn check_url(host: &Host, contract: &Contract, service: &Service, sink: &mut Sink<'_>) {
    let Some(field) = service.role(contract, Role::Url) else { return };
    let Some(shown) = field.value.as_str().and_then(port).filter(|port| !is_port(port)) else {
        return;
    };
    let message = message(shown, &format!("in the url of service '{}'", service.name));
    let finding = sink.finding(Some(host), message).service(&service.name);
    let place = url_span(field).or(service.span);
    sink.push(match place {
        Some(span) => finding.primary(span, "there is no such port"),
        None => finding,
    });
}

fn url_span(field: &Field) -> Option<Span> {
    field.value.span.or_else(|| value_span(field))
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port != 0)
}

fn report(host: &Host, option: &str, shown: &str, span: Option<Span>, sink: &mut Sink<'_>) {
    let finding = sink.finding(Some(host), message(shown, &format!("in {option}")));
    sink.push(match span {
        Some(span) => finding.primary(span, "there is no such port"),
        None => finding,
    });
}

fn message(port: &str, whose: &str) -> String {
    format!("Port {port} {whose} is not between 1 and 65535")
}
