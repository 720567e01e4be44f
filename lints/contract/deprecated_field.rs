//! A service defines a field that is to be replaced by another.

use nixpact_contract::{
    Because, Contract, DeprecatedField, DeprecatedUse, Host, Model, Service, attribute_name,
};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("deprecated_field.md")]
    pub static DEPRECATED_FIELD = {
        name: "deprecated-field",
        summary: "a service defines a field that is to be replaced by another",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            for used in &service.deprecated {
                if let Some(field) = contract.deprecated.get(used.at) {
                    sink.push(finding(host, contract, service, (field, used), sink));
                }
            }
        }
    }
}

fn finding(
    host: &Host,
    contract: &Contract,
    service: &Service,
    (deprecated, used): (&DeprecatedField, &DeprecatedUse),
    sink: &Sink<'_>,
) -> Diagnostic {
    let field = &deprecated.field;
    let message = format!("Service '{}' defines deprecated field '{field}'", service.name);
    let label = match &deprecated.instead {
        Some(instead) => format!("'{instead}' replaces it"),
        None => "it is to be left".to_owned(),
    };
    let mut finding = sink.finding(Some(host), message).service(&service.name);
    finding = finding.primary(used.key, label);
    let decl = contract.field(field).and_then(|at| contract.fields.get(at));
    if let Some(law) = decl.and_then(|decl| decl.span) {
        finding = finding.secondary(law, because(deprecated.because));
    }
    if deprecated.because == Because::Configuration {
        finding = finding.note("nixpact.toml says so: [contract] deprecated");
    }
    if let Some(instead) = &deprecated.instead {
        let instead = attribute_name(instead);
        finding = rewrite(finding, &used.names, &instead);
        let service = attribute_name(&service.name);
        finding = finding.note(format!("Fix: {}.{service}.{instead} = …;", contract.option));
    }
    finding
}

fn because(because: Because) -> &'static str {
    match because {
        Because::Configuration => "declared here",
        Because::Renamed => "the contract renames it",
        Because::Description => "its description says so",
        Because::Plural => "the contract has it in the plural, too",
    }
}
