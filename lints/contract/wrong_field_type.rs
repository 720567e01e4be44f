//! A value is not of the type that the contract declares.

use nixpact_contract::{Contract, Finding, FindingKind, Host, Model, Service};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::fix;
use crate::wrong_type;

declare_lint! {
    #[doc = include_str!("wrong_field_type.md")]
    pub static WRONG_FIELD_TYPE = {
        name: "wrong-field-type",
        summary: "a value is not of the type that the contract declares",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            for finding in &service.findings {
                if let Some(diagnostic) = diagnostic(host, service, contract, finding, sink) {
                    sink.push(diagnostic);
                }
            }
        }
    }
}

fn diagnostic(
    host: &Host,
    service: &Service,
    contract: &Contract,
    finding: &Finding,
    sink: &Sink<'_>,
) -> Option<Diagnostic> {
    let FindingKind::WrongType { expected, found, suggestion, .. } = &finding.kind else {
        return None;
    };
    let field = &finding.field;
    let message =
        format!("Field '{field}' of service '{}' is {found}, expected {expected}", service.name);
    let diagnostic = sink.finding(Some(host), message).service(&service.name);
    let diagnostic = wrong_type::placed(diagnostic, finding, service.span, &service.name);
    let example = suggestion
        .clone()
        .or_else(|| contract.field(field).map(|at| contract.fields[at].example.clone()));
    Some(match example {
        Some(example) => diagnostic.note(fix(contract, &service.name, field, &example)),
        None => diagnostic,
    })
}
