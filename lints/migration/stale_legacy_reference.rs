//! Something reads a service in the legacy contract that has left it.

use nixpact_contract::{Contract, LegacyRead, Model, Service};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::path;

declare_lint! {
    #[doc = include_str!("stale_legacy_reference.md")]
    pub static STALE_LEGACY_REFERENCE = {
        name: "stale-legacy-reference",
        summary: "something reads a service in the legacy contract that has left it",
        level: Level::Warn,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let services = || model.hosts.iter().chain(&model.loose).flat_map(|host| &host.services);
    let is_legacy = |service: &&Service| model.contracts[service.contract].is_legacy;
    for read in &model.legacy_reads {
        let same = || services().filter(|service| service.name == read.service);
        let new = same().find(|service| !is_legacy(service));
        if let (Some(new), None) = (new, same().find(is_legacy)) {
            sink.push(finding(model, read, new, sink));
        }
    }
}

fn finding(model: &Model, read: &LegacyRead, new: &Service, sink: &Sink<'_>) -> Diagnostic {
    let contract: &Contract = &model.contracts[new.contract];
    let legacy = model.contracts.iter().find(|contract| contract.is_legacy);
    let legacy = legacy.map_or("the legacy contract", |legacy| &legacy.option);
    let message = format!("Service '{}' is read from {legacy}, and is no longer there", new.name);
    let label = match read.has_default {
        true => "so that the default is always taken",
        false => "Nix stops where this is evaluated",
    };
    let mut finding = sink.finding(None, message).service(&new.name).primary(read.span, label);
    if let Some(span) = new.span {
        finding = finding.secondary(span, "it is declared here now");
    }
    finding.note(format!("Fix: config.{}", path(contract, &new.name)))
}
