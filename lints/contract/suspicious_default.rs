//! A field that has to be answered is given a value that says nothing.

use nixpact_contract::{
    Contract, Datum, Field, FieldDecl, FieldState, FindingKind, Host, Model, Role, Service,
};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, origin, value_span};

declare_lint! {
    #[doc = include_str!("suspicious_default.md")]
    pub static SUSPICIOUS_DEFAULT = {
        name: "suspicious-default",
        summary: "a required field is given an empty string, or the port 0",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            for (at, (decl, field)) in contract.fields.iter().zip(&service.fields).enumerate() {
                let role = || contract.roles.role_of(at);
                if decl.required
                    && !decl.internal
                    && field.state == FieldState::Defined
                    && !is_refused(service, decl)
                    && let Some(empty) = says_nothing(contract, service, decl, role, field)
                {
                    sink.push(diagnostic(host, contract, service, (decl, field), empty, sink));
                }
            }
        }
    }
}

/// Whether its value is not of its type, which another lint says.
fn is_refused(service: &Service, decl: &FieldDecl) -> bool {
    let mut findings = service.findings.iter().filter(|finding| finding.field == decl.name);
    findings.any(|finding| matches!(finding.kind, FindingKind::WrongType { .. }))
}

/// What the value is, where it stands for no answer.
fn says_nothing(
    contract: &Contract,
    service: &Service,
    decl: &FieldDecl,
    role: impl Fn() -> Option<Role>,
    field: &Field,
) -> Option<&'static str> {
    match &field.value.datum {
        Datum::Int(0) if role() == Some(Role::Port) || is_port(&decl.ty) => Some("port 0"),
        Datum::Str(text)
            if text.is_empty() && may_not_be_empty(contract, service, decl, role()) =>
        {
            Some("an empty string")
        }
        _ => None,
    }
}

/// `types.port`, and `null or` it.
fn is_port(ty: &str) -> bool {
    ty.ends_with("16 bit unsigned integer; between 0 and 65535 (both inclusive)")
}

fn may_not_be_empty(
    contract: &Contract,
    service: &Service,
    decl: &FieldDecl,
    role: Option<Role>,
) -> bool {
    let is_exposed = || {
        let exposed = service.role(contract, Role::Exposed);
        exposed.is_some_and(|exposed| exposed.value.as_bool() == Some(true))
    };
    let is_meant = match role {
        // The domain itself.
        Some(Role::Subdomain) => true,
        // Nobody asks for the address of what has none.
        Some(Role::Domain | Role::Url) => !is_exposed(),
        _ => false,
    };
    // Configuration of no lines is an answer, and so is a member of an enum.
    !is_meant && decl.members.is_empty() && !decl.ty.contains("strings concatenated with")
}

fn diagnostic(
    host: &Host,
    contract: &Contract,
    service: &Service,
    (decl, field): (&FieldDecl, &Field),
    empty: &str,
    sink: &Sink<'_>,
) -> Diagnostic {
    let message =
        format!("Required field '{}' of service '{}' is {empty}", decl.name, service.name);
    let mut finding = sink.finding(Some(host), message).service(&service.name);
    let shown = value_span(field).or(service.span);
    if let Some(span) = shown {
        finding = finding.primary(span, "this answers nothing");
    }
    finding = origin(finding, &field.value, shown);
    if let Some(law) = decl.span {
        finding = finding.secondary(law, "declared here, without a default");
    }
    finding.note(fix(contract, &service.name, &decl.name, &decl.example))
}
