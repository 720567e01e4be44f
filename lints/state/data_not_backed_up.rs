//! Data that a service persists is in no backup, and the service does not say that it need not be.

use std::borrow::Cow;

use nixpact_contract::{Field, FieldState, Host, Model, Role, Service, string_literal};
use nixpact_diagnostics::Diagnostic;

use super::paths::{Paths, clean, entries, is_open, may_be_lost};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{fix, quoted_list, value_span};

declare_lint! {
    #[doc = include_str!("data_not_backed_up.md")]
    pub static DATA_NOT_BACKED_UP = {
        name: "data-not-backed-up",
        summary: "what a service persists is in no backup, and it does not say why",
        level: Level::Note,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        let Some(backed_up) = backed_up(model, host) else { continue };
        let backed_up = Paths::new(backed_up.iter().map(|it| &**it));
        for service in host.enabled() {
            let contract = &model.contracts[service.contract];
            let (Some(state), Some(backup)) =
                (service.role(contract, Role::State), service.role(contract, Role::Backup))
            else {
                continue;
            };
            // A list that is written, if only `[ ]`, is an answer.
            if state.state != FieldState::Defined || backup.state != FieldState::Default {
                continue;
            }
            let paths = entries(state).into_iter().filter_map(|entry| clean(entry.text));
            let paths: Vec<Cow<'_, str>> =
                paths.filter(|path| !may_be_lost(path) && !backed_up.touch(path)).collect();
            if !paths.is_empty() {
                sink.push(uncovered(model, host, service, (state, backup), &paths, sink));
            }
        }
    }
}

/// Every path that is backed up; none where there may be others.
fn backed_up<'m>(model: &Model, host: &'m Host) -> Option<Vec<Cow<'m, str>>> {
    if host.backups.unknown.is_some() {
        return None;
    }
    let mut paths: Vec<Cow<'_, str>> =
        host.backups.paths.iter().filter_map(|it| clean(it)).collect();
    for service in host.services.iter() {
        let contract = &model.contracts[service.contract];
        let Some(field) = service.role(contract, Role::Backup) else { continue };
        if is_open(field) {
            return None;
        }
        paths.extend(entries(field).into_iter().filter_map(|entry| clean(entry.text)));
    }
    Some(paths)
}

fn uncovered(
    model: &Model,
    host: &Host,
    service: &Service,
    (state, backup): (&Field, &Field),
    paths: &[Cow<'_, str>],
    sink: &Sink<'_>,
) -> Diagnostic {
    let (name, contract) = (&service.name, &model.contracts[service.contract]);
    let shown = quoted_list(paths.iter().map(|it| &**it));
    let message = format!("Data of service '{name}' in {shown} is in no backup");
    let mut finding = sink.finding(Some(host), message).service(name);
    if let Some(span) = value_span(state).or(service.span) {
        finding = finding.primary(span, "it is persisted");
    }
    let Some(decl) = contract.role(Role::Backup) else { return finding };
    if let Some(law) = decl.span {
        finding = finding.secondary(law, "the service says nothing of its backups, declared here");
    }
    let is_list = matches!(backup.value.datum, nixpact_contract::Datum::List { .. });
    let listed: Vec<String> = paths.iter().map(|path| string_literal(path)).collect();
    match is_list {
        true => finding
            .note(fix(contract, name, &decl.name, &format!("[ {} ]", listed.join(" "))))
            .note(format!("Where it need not be: {} = [ ];", decl.name)),
        false => finding.note(fix(contract, name, &decl.name, &decl.example)),
    }
}
