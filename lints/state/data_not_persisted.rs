//! A service keeps data where the next boot removes it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use nixpact_contract::{Data, Host, Model, Role, Service, string_literal};
use nixpact_diagnostics::Diagnostic;

use super::paths::{Survivors, addition, clean, entries};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{member_span, origin};

declare_lint! {
    #[doc = include_str!("data_not_persisted.md")]
    pub static DATA_NOT_PERSISTED = {
        name: "data-not-persisted",
        summary: "a service keeps data that is lost at boot",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        let Some(survivors) = Survivors::of(model, host) else { continue };
        let mut by_service: BTreeMap<&str, Vec<&Data>> = BTreeMap::new();
        for data in &host.data {
            by_service.entry(&data.service).or_default().push(data);
        }
        for service in host.enabled() {
            let mut told: Vec<Cow<'_, str>> = Vec::new();
            for data in by_service.get(service.name.as_str()).into_iter().flatten() {
                let paths: Vec<Cow<'_, str>> =
                    data.paths.iter().filter_map(|it| clean(it)).collect();
                let is_lost = paths.iter().all(|path| survivors.is_lost(path, &service.name));
                let Some(path) = paths.first().filter(|_| is_lost) else { continue };
                if !told.contains(path) {
                    sink.push(used(model, host, service, data, path, &survivors, sink));
                    told.push(path.clone());
                }
            }
            if survivors.claims_are_listed {
                declared(model, host, service, &mut told, &survivors, sink);
            }
        }
    }
}

fn begin(host: &Host, service: &Service, path: &str, sink: &Sink<'_>) -> Diagnostic {
    let name = &service.name;
    let message = format!("Data of service '{name}' in '{path}' does not survive a reboot");
    sink.finding(Some(host), message).service(name)
}

/// Data that a unit or a container keeps.
fn used(
    model: &Model,
    host: &Host,
    service: &Service,
    data: &Data,
    path: &str,
    survivors: &Survivors<'_>,
    sink: &Sink<'_>,
) -> Diagnostic {
    let contract = &model.contracts[service.contract];
    let mut finding = begin(host, service, path, sink);
    if let Some(span) = data.span.or(service.span) {
        finding = finding.primary(span, format!("{} keeps it there", data.option));
    }
    if let Some((span, label)) = survivors.emptied() {
        finding = finding.secondary(span, label);
    }
    if let Some(decl) = contract.role(Role::State) {
        let field = service.role(contract, Role::State);
        let place = field.and_then(|it| it.definitions.first()?.key).or(decl.span);
        if let Some(span) = place {
            finding = finding.secondary(span, "what the service persists is listed here");
        }
    }
    let fix = addition(contract, service, Role::State, path);
    finding.note(fix.unwrap_or_else(|| persist(path)))
}

/// State that the service declares, and that what persists the others leaves out.
fn declared<'m>(
    model: &Model,
    host: &Host,
    service: &'m Service,
    told: &mut Vec<Cow<'m, str>>,
    survivors: &Survivors<'_>,
    sink: &mut Sink<'_>,
) {
    let contract = &model.contracts[service.contract];
    let Some(field) = service.role(contract, Role::State) else { return };
    for entry in entries(field) {
        let Some(path) = clean(entry.text) else { continue };
        if told.contains(&path) || !survivors.is_lost(&path, &service.name) {
            continue;
        }
        let mut finding = begin(host, service, &path, sink);
        let shown = member_span(entry.value, field, service);
        if let Some(span) = shown {
            finding = finding.primary(span, "it is declared here, and nothing persists it");
        }
        finding = origin(finding, entry.value, shown);
        if let Some((span, label)) = survivors.emptied() {
            finding = finding.secondary(span, label);
        }
        sink.push(finding.note(persist(&path)));
        told.push(path);
    }
}

fn persist(path: &str) -> String {
    let path = string_literal(path);
    format!("Fix: environment.persistence.\"/persist\".directories = [ {path} ];")
}
