//! A service is declared in the legacy contract and in the one that replaces it.

use nixpact_contract::{Enabled, Host, Model, Service};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{migrated, path};

declare_lint! {
    #[doc = include_str!("declared_in_both_patterns.md")]
    pub static DECLARED_IN_BOTH_PATTERNS = {
        name: "declared-in-both-patterns",
        summary: "a service is declared in the legacy contract and in the one that replaces it",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        let legacy = host.services.iter().filter(|it| model.contracts[it.contract].is_legacy);
        for old in legacy {
            let Some(new) = migrated(model, host, old) else { continue };
            let condition = match (&old.enabled, &new.enabled) {
                // It is prepared, and not yet in use.
                (_, Enabled::No) => continue,
                (Enabled::Yes, Enabled::Yes) => None,
                (Enabled::No, _) => {
                    Some("It is no error, as the legacy declaration is switched off")
                }
                _ => Some("It is an error if both are enabled, which is not known"),
            };
            let finding = finding(model, host, (old, new), condition.is_some(), sink);
            sink.push(match condition {
                Some(condition) => finding.note(condition),
                None => finding,
            });
        }
    }
}

fn finding(
    model: &Model,
    host: &Host,
    (old, new): (&Service, &Service),
    is_possible: bool,
    sink: &Sink<'_>,
) -> Diagnostic {
    let (legacy, contract) = (&model.contracts[old.contract], &model.contracts[new.contract]);
    let message = format!(
        "Service '{}' is declared in both {} and {}",
        new.name, legacy.option, contract.option
    );
    let mut finding = match is_possible {
        true => sink.possible(Some(host), message),
        false => sink.finding(Some(host), message),
    };
    finding = finding.service(&new.name);
    if let Some(span) = old.span {
        finding = finding.primary(span, "in the legacy contract");
    }
    if let Some(span) = new.span {
        finding = finding.secondary(span, "and here, in the one that replaces it");
    }
    finding.note(format!("Fix: remove {}", path(legacy, &old.name)))
}
