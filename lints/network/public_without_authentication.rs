//! A public service asks nobody who they are.

use nixpact_contract::{Contract, Datum, Host, Located, Middlewares, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;

use super::host_name::is_exposed;
use crate::lint::{Level, Sink, declare_lint};
use crate::options::{LintOption, OptionKind};
use crate::text::written;

declare_lint! {
    #[doc = include_str!("public_without_authentication.md")]
    pub static PUBLIC_WITHOUT_AUTHENTICATION = {
        name: "public-without-authentication",
        summary: "an exposed, public service has no middleware that asks users who they are",
        level: Level::Allow,
        options: &[
            LintOption {
                name: "authentication",
                kind: OptionKind::Strings,
                summary: "further middlewares that ask users who they are",
            },
            LintOption {
                name: "services",
                kind: OptionKind::Strings,
                summary: "services that are open to everybody on purpose, or ask by themselves",
            },
            LintOption {
                name: "types",
                kind: OptionKind::Strings,
                summary: "the types of public services, in place of \"public\"",
            },
        ],
        check,
    }
}

/// Longer chains of chains are not followed.
const MAX_DEPTH: usize = 16;

fn check(model: &Model, sink: &mut Sink<'_>) {
    let options = sink.options();
    let is_listed = |key: &str, name: &str| options.strings(key).iter().any(|it| it == name);
    for host in &model.hosts {
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            let is_public = match service.role(contract, Role::Type).map(|it| &it.value.datum) {
                None => true,
                Some(Datum::Str(ty)) if options.strings("types").is_empty() => &**ty == "public",
                Some(Datum::Str(ty)) => is_listed("types", ty),
                Some(_) => false,
            };
            let Some(field) = service.role(contract, Role::Middlewares) else { continue };
            let is_known = matches!(field.value.datum, Datum::List { rest: None, .. });
            if is_public
                && is_known
                && is_exposed(contract, service)
                && !is_listed("services", &service.name)
                && !asks(&host.middlewares, field.value.items(), 0, &|it| {
                    is_listed("authentication", it)
                })
            {
                let finding = diagnostic(host, contract, service, sink);
                sink.push(finding);
            }
        }
    }
}

/// Whether one of the middlewares asks who somebody is, or may.
fn asks(
    all: &Middlewares,
    names: &[Located],
    depth: usize,
    is_listed: &dyn Fn(&str) -> bool,
) -> bool {
    names.iter().any(|name| {
        let Some(name) = name.as_str() else { return true };
        // What another provider defines is not known.
        let Some(middleware) = all.get(name) else { return true };
        is_listed(name)
            || middleware.asks_who
            || depth >= MAX_DEPTH
            || asks(all, &middleware.chain, depth + 1, is_listed)
    })
}

fn diagnostic(host: &Host, contract: &Contract, service: &Service, sink: &Sink<'_>) -> Diagnostic {
    let message = format!("Public service '{}' asks nobody who they are", service.name);
    let mut finding = sink.finding(Some(host), message).service(&service.name);
    let written = |role| written(contract, service, role);
    let place = written(Role::Type).or_else(|| written(Role::Exposed)).or(service.span);
    if let Some(span) = place {
        finding = finding.primary(span, "everybody reaches it");
    }
    if let Some(span) = written(Role::Middlewares) {
        finding = finding.secondary(span, "none of these asks");
    }
    finding.note(format!(
        "Fix: add a middleware that asks, or services = [\"{}\"] to this lint's table in nixpact.toml",
        service.name
    ))
}
