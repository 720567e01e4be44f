//! A service defines a field that the contract does not have.

use nixpact_contract::{FindingKind, Host, Model, attribute_name};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("unknown_field.md")]
    pub static UNKNOWN_FIELD = {
        name: "unknown-field",
        summary: "a service defines a field that the contract does not have",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        check_host(model, host, sink);
    }
}

fn check_host(model: &Model, host: &Host, sink: &mut Sink<'_>) {
    for service in &host.services {
        let contract = &model.contracts[service.contract];
        for finding in &service.findings {
            let FindingKind::Unknown { nearest, names } = &finding.kind else { continue };
            let field = &finding.field;
            let replaced = contract.deprecated.iter().find(|it| it.field == *field);
            let nearest = replaced.map_or(nearest, |it| &it.instead);
            let message = format!("Service '{}' has unknown field '{field}'", service.name);
            let mut diagnostic = sink.finding(Some(host), message).service(&service.name);
            if let Some(span) = finding.site.span {
                let label = match nearest {
                    Some(nearest) => format!("did you mean '{nearest}'?"),
                    None => format!("{} has no such field", contract.option),
                };
                diagnostic = diagnostic.primary(span, label);
            }
            if let Some(nearest) = nearest {
                diagnostic = rewrite(diagnostic, names, &attribute_name(nearest));
            }
            if let Some(law) = contract.span {
                diagnostic = diagnostic.secondary(law, "the contract is declared here");
            }
            let (parent, _) = field.rsplit_once('.').unwrap_or(("", field));
            if parent.is_empty() {
                let fields = contract.fields.iter().filter(|field| !field.internal);
                let names: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
                diagnostic = diagnostic.note(format!("Valid fields: {}", names.join(", ")));
            }
            if let Some(nearest) = nearest {
                let path =
                    if parent.is_empty() { nearest.clone() } else { format!("{parent}.{nearest}") };
                diagnostic = diagnostic.note(format!(
                    "Fix: {}.{}.{path} = …;",
                    contract.option,
                    attribute_name(&service.name)
                ));
            }
            sink.push(diagnostic);
        }
    }
}
