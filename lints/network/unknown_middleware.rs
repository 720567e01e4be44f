//! A service names a middleware that nothing defines.

use nixpact_contract::{Field, Host, Located, Model, Role, Service, nearest, string_literal};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, member_span, rewrite};

declare_lint! {
    #[doc = include_str!("unknown_middleware.md")]
    pub static UNKNOWN_MIDDLEWARE = {
        name: "unknown-middleware",
        summary: "a service names a middleware that nothing defines",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        // Where none is found at all, they are defined in a way that is not followed.
        if !host.middlewares.complete || host.middlewares.all.is_empty() {
            continue;
        }
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            let Some(field) = service.role(contract, Role::Middlewares) else { continue };
            for member in field.value.items() {
                if let Some(name) = member.as_str()
                    && is_unknown(model, host, name)
                {
                    report(model, host, service, field, member, name, sink);
                }
            }
        }
    }
}

fn is_unknown(model: &Model, host: &Host, name: &str) -> bool {
    // `name@provider` is defined by that provider.
    !name.contains('@')
        && host.middlewares.get(name).is_none()
        && !model.attribute_names.contains(name)
}

fn report(
    model: &Model,
    host: &Host,
    service: &Service,
    field: &Field,
    member: &Located,
    name: &str,
    sink: &mut Sink<'_>,
) {
    let valid: Vec<&str> = host.middlewares.all.iter().map(|it| it.name.as_str()).collect();
    let near = nearest(name, valid.iter().copied());
    let message = format!("Unknown middleware '{name}' in service '{}'", service.name);
    let mut diagnostic = sink.finding(Some(host), message).service(&service.name);
    if let Some(span) = member_span(member, field, service) {
        let label = match near {
            Some(near) => format!("did you mean '{near}'?"),
            None => "nothing defines it".to_owned(),
        };
        diagnostic = diagnostic.primary(span, label);
    }
    let contract = &model.contracts[service.contract];
    if let Some(law) = contract.role(Role::Middlewares).and_then(|decl| decl.span) {
        diagnostic = diagnostic.secondary(law, "the contract declares the field here");
    }
    diagnostic = diagnostic.note(format!("Valid middlewares: {}", valid.join(", ")));
    if let (Some(near), Some(span), true) = (near, member.span, member.is_literal) {
        diagnostic = rewrite(diagnostic, &[span], &string_literal(near));
    }
    if let Some(decl) = contract.role(Role::Middlewares) {
        let value = repaired(field, name, near);
        diagnostic = diagnostic.note(fix(contract, &service.name, &decl.name, &value));
    }
    sink.push(diagnostic);
}

/// The list with the nearest name in place of the unknown one, or without it.
fn repaired(field: &Field, unknown: &str, near: Option<&str>) -> String {
    let names = field.value.items().iter().map(|item| match item.as_str() {
        Some(name) if name == unknown => near.map(str::to_owned),
        Some(name) => Some(name.to_owned()),
        None => Some("…".to_owned()),
    });
    let names: Vec<String> = names.flatten().map(|name| string_literal(&name)).collect();
    match &names[..] {
        [] => "[ ]".to_owned(),
        names => format!("[ {} ]", names.join(" ")),
    }
}
