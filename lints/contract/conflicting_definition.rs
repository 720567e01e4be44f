//! An option has definitions that Nix refuses together.

use nixpact_contract::{ConflictKind, Host, Model, Party, RefusedKind};
use nixpact_diagnostics::Diagnostic;
use nixpact_source::Span;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("conflicting_definition.md")]
    pub static CONFLICTING_DEFINITION = {
        name: "conflicting-definition",
        summary: "an option has definitions that Nix refuses together",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        for refused in &host.refused {
            let RefusedKind::Conflict { kind, parties, law } = &refused.kind else { continue };
            if let Some(diagnostic) = diagnostic(host, &refused.option, *kind, parties, *law, sink)
            {
                sink.push(match &refused.service {
                    Some(service) => diagnostic.service(service),
                    None => diagnostic,
                });
            }
        }
    }
}

fn diagnostic(
    host: &Host,
    option: &str,
    kind: ConflictKind,
    parties: &[Party],
    law: Option<Span>,
    sink: &Sink<'_>,
) -> Option<Diagnostic> {
    let (last, others) = parties.split_last()?;
    let mut diagnostic = sink.finding(Some(host), message(option, kind, parties));
    if let Some(span) = place(last) {
        diagnostic = diagnostic.primary(span, label(last, "also set here", "here it is"));
    }
    for other in others {
        if let Some(span) = place(other) {
            diagnostic = diagnostic.secondary(span, label(other, "set here", "here it is"));
        }
    }
    if let Some(law) = law {
        diagnostic = diagnostic.secondary(law, "declared here");
    }
    for module in parties.iter().filter_map(|party| party.module.as_ref()) {
        diagnostic = diagnostic.note(format!("{module} sets it, too"));
    }
    Some(match (kind, &last.shown) {
        (ConflictKind::ReadOnly, _) => diagnostic.note("Fix: remove all definitions but one"),
        (_, Some(value)) if is_scalar(value) => {
            diagnostic.note(format!("Fix: {option} = lib.mkForce {value};"))
        }
        _ => diagnostic
            .note("Fix: remove one of them, or put lib.mkForce before the one that is meant"),
    })
}

fn message(option: &str, kind: ConflictKind, parties: &[Party]) -> String {
    match kind {
        ConflictKind::Different => {
            let values: Option<Vec<&str>> = parties.iter().map(|p| p.shown.as_deref()).collect();
            match values.as_deref() {
                Some([first, second]) => {
                    format!("Option '{option}' is set to both {first} and {second}")
                }
                _ => format!("Option '{option}' is set to different values"),
            }
        }
        ConflictKind::Several => {
            format!("Option '{option}' takes one definition, and has {}", parties.len())
        }
        ConflictKind::Null => format!("Option '{option}' is set to both null and a value"),
        ConflictKind::ReadOnly => {
            format!("Option '{option}' is read-only, and has {} definitions", parties.len())
        }
    }
}

/// The value where it is written; the name where that is not known.
fn place(party: &Party) -> Option<Span> {
    let same_file = |value: &Span| {
        party.key.is_none_or(|key| key.file == value.file && key.start <= value.start)
    };
    party.value.filter(same_file).or(party.key)
}

fn label(party: &Party, without: &str, with: &str) -> String {
    match &party.shown {
        Some(value) => format!("{with} {value}"),
        None => without.to_owned(),
    }
}

fn is_scalar(value: &str) -> bool {
    !value.starts_with(['[', '{', '(', '<'])
}
