//! A service is enabled that no module declares.

use nixpact_contract::{
    Contract, Enabled, FindingKind, Host, Model, Role, Service, attribute_name, nearest,
};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("undeclared_service.md")]
    pub static UNDECLARED_SERVICE = {
        name: "undeclared-service",
        summary: "a service is enabled that no module declares",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for service in &host.services {
            let contract = &model.contracts[service.contract];
            if is_undeclared(contract, service) {
                sink.push(finding(model, host, contract, service, sink));
            } else if service.only_switch
                && service.enabled == Enabled::Yes
                && let Some(near) = meant(host, service)
            {
                let finding = finding(model, host, contract, service, sink);
                let severity = sink.possible(None, "").severity;
                sink.push(Diagnostic { severity, ..finding }.note(format!(
                    "It is an error unless '{}' needs nothing but its switch, unlike '{}'",
                    service.name, near.name
                )));
            }
        }
    }
}

/// Whether a service is enabled, and nothing else is said of it although the contract demands more.
pub(crate) fn is_undeclared(contract: &Contract, service: &Service) -> bool {
    let is_missing = |field: &str| {
        contract
            .field(field)
            .is_some_and(|at| contract.fields.get(at).is_some_and(|it| !it.internal))
    };
    let mut findings = service.findings.iter();
    service.only_switch
        && service.enabled == Enabled::Yes
        && findings
            .any(|it| matches!(it.kind, FindingKind::Missing { .. }) && is_missing(&it.field))
}

/// The service beside it whose name is nearest, and of which more is said.
fn meant<'m>(host: &'m Host, service: &Service) -> Option<&'m Service> {
    let declared =
        || host.services.iter().filter(|it| it.contract == service.contract && !it.only_switch);
    let name = nearest(&service.name, declared().map(|it| it.name.as_str()))?;
    declared().find(|it| it.name == name)
}

/// What a file that no host imports says of the service.
fn not_imported<'m>(model: &'m Model, service: &Service) -> Option<&'m Service> {
    let loose = model.loose.iter().flat_map(|host| &host.services);
    let mut same = loose.filter(|it| it.contract == service.contract && it.name == service.name);
    same.find(|it| !it.only_switch)
}

fn finding(
    model: &Model,
    host: &Host,
    contract: &Contract,
    service: &Service,
    sink: &Sink<'_>,
) -> Diagnostic {
    let name = &service.name;
    let message = format!("Service '{name}' is enabled, and no module declares it");
    let mut finding = sink.finding(Some(host), message).service(name);
    let (loose, near) = (not_imported(model, service), meant(host, service));
    if let Some(span) = service.span {
        let label = match (loose, near) {
            (None, Some(near)) => format!("did you mean '{}'?", near.name),
            _ => "only its switch is set".to_owned(),
        };
        finding = finding.primary(span, label);
    }
    if let Some(span) = loose.and_then(|loose| loose.span) {
        return finding
            .secondary(span, "declared here, in a file that the host does not import")
            .note("Fix: add the file to the imports of the host");
    }
    match near {
        Some(near) => {
            if let Some(span) = near.span {
                finding = finding.secondary(span, format!("'{}' is declared here", near.name));
            }
            let switch = contract.role(Role::Enable).map_or("enable", |switch| &switch.name);
            let near = attribute_name(&near.name);
            finding = rewrite(finding, &service.names, &near);
            finding.note(format!("Fix: {}.{near}.{switch} = true;", contract.option))
        }
        None => finding.note(format!(
            "Fix: declare it in a module of its own, with the fields that {} demands",
            contract.option
        )),
    }
}
