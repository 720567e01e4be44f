//! A service backs up a path that the next boot removes.

use std::borrow::Cow;

use nixpact_contract::{Field, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;

use super::paths::{Entry, Survivors, addition, clean, entries};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{member_span, origin};

declare_lint! {
    #[doc = include_str!("backup_not_persisted.md")]
    pub static BACKUP_NOT_PERSISTED = {
        name: "backup-not-persisted",
        summary: "a service backs up a path that is lost at boot",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        let Some(survivors) = Survivors::of(model, host) else { continue };
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            // What the service itself declares to persist is another lint's business.
            let state = service.role(contract, Role::State).map(entries).unwrap_or_default();
            let state: Vec<Cow<'_, str>> = state.iter().filter_map(|it| clean(it.text)).collect();
            let Some(field) = service.role(contract, Role::Backup) else { continue };
            for entry in entries(field) {
                let Some(path) = clean(entry.text) else { continue };
                let is_state = state.iter().any(|it| super::paths::is_in(&path, it));
                if !is_state && survivors.is_lost(&path, &service.name) {
                    let finding = lost(model, host, service, field, &entry, &path, sink);
                    let finding = match survivors.emptied() {
                        Some((span, label)) => finding.secondary(span, label),
                        None => finding,
                    };
                    sink.push(finding);
                }
            }
        }
    }
}

fn lost(
    model: &Model,
    host: &Host,
    service: &Service,
    field: &Field,
    entry: &Entry<'_>,
    path: &str,
    sink: &Sink<'_>,
) -> Diagnostic {
    let (name, contract) = (&service.name, &model.contracts[service.contract]);
    let message = format!("Service '{name}' backs up '{path}', which does not survive a reboot");
    let mut finding = sink.finding(Some(host), message).service(name);
    let shown = member_span(entry.value, field, service);
    if let Some(span) = shown {
        finding = finding.primary(span, "no persisted path holds it");
    }
    finding = origin(finding, entry.value, shown);
    let state = service.role(contract, Role::State);
    if let Some(key) = state.and_then(|state| state.definitions.first()?.key) {
        finding = finding.secondary(key, "what the service persists is listed here");
    }
    finding =
        finding.note("After a reboot the backup finds it empty, until something fills it again");
    match addition(contract, service, Role::State, path) {
        Some(fix) => finding.note(fix),
        None => finding.note("Fix: persist it, or back up the path where the data is"),
    }
}
