//! A value is not of the type that the contract declares.

use nixpact_contract::{Contract, Finding, FindingKind, Host, Model, Service, Written};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::fix;

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
    let FindingKind::WrongType { expected, found, members, suggestion, written } = &finding.kind
    else {
        return None;
    };
    let field = &finding.field;
    let message =
        format!("Field '{field}' of service '{}' is {found}, expected {expected}", service.name);
    let mut diagnostic = sink.finding(Some(host), message).service(&service.name);
    let label = match suggestion {
        Some(suggestion) => format!("did you mean {suggestion}?"),
        None => format!("expected {expected}"),
    };
    if let Some(span) = finding.site.span.or(service.span) {
        diagnostic = diagnostic.primary(span, label);
    }
    if let Some(used) = finding.site.through.first() {
        diagnostic = diagnostic.secondary(*used, format!("'{}' uses it here", service.name));
    }
    if let Some(law) = finding.law {
        diagnostic = diagnostic.secondary(law, "the type is declared here");
    }
    if !members.is_empty() {
        diagnostic = diagnostic.note(format!("Valid values: {}", members.join(", ")));
    }
    if let (Some(suggestion), Some(span)) = (suggestion, finding.site.span)
        && *written != Written::Computed
    {
        // A number without its quotes is the only value that can be meant; a member is one of several.
        let is_meant = members.is_empty() && *written == Written::OwnLiteral;
        let applicability = if is_meant { Applicability::Safe } else { Applicability::Unsafe };
        let edits = vec![Edit { span, text: suggestion.clone() }];
        diagnostic = diagnostic.fix(Fix { applicability, edits });
    }
    let example = suggestion
        .clone()
        .or_else(|| contract.field(field).map(|at| contract.fields[at].example.clone()));
    Some(match example {
        Some(example) => diagnostic.note(fix(contract, &service.name, field, &example)),
        None => diagnostic,
    })
}
