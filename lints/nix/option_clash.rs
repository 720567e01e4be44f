//! Two declarations of an option do not go together.

use nixpact_contract::{Clash, ClashKind, Model, RefusedKind};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::generic_option;

declare_lint! {
    #[doc = include_str!("option_clash.md")]
    pub static OPTION_CLASH = {
        name: "option-clash",
        summary: "two declarations of an option do not go together",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        for refused in &host.refused {
            let RefusedKind::Clash(clash) = &refused.kind else { continue };
            let option = generic_option(&refused.option, refused.service.as_deref());
            let message = message(&option, clash.kind);
            let mut finding = match model.unread_clashes.contains(&*refused.option) {
                true => sink
                    .possible(Some(host), message)
                    .note("It is an error where something reads it: nothing here seems to"),
                false => sink.finding(Some(host), message),
            };
            if let Some(span) = clash.second.or(clash.first) {
                finding = finding.primary(span, second_label(clash.kind));
            }
            if let Some(span) = clash.first.filter(|first| Some(*first) != clash.second) {
                finding = finding.secondary(span, "the option is declared here");
            }
            sink.push(finding.note(remedy(clash)));
        }
    }
}

fn message(option: &str, kind: ClashKind) -> String {
    match kind {
        ClashKind::Twice => format!("Option '{option}' is declared twice"),
        ClashKind::Types => format!("Option '{option}' is declared with two types"),
        ClashKind::Below => format!("Option '{option}' has options declared below it"),
    }
}

fn second_label(kind: ClashKind) -> &'static str {
    match kind {
        ClashKind::Twice => "declared again here",
        ClashKind::Types => "declared with another type here",
        ClashKind::Below => "this is declared below it",
    }
}

fn remedy(clash: &Clash) -> &'static str {
    match clash.kind {
        ClashKind::Twice => {
            "Fix: remove one of the declarations, or leave default, example, description and apply to one of them"
        }
        ClashKind::Types => "Fix: give both declarations the same type, or remove one",
        ClashKind::Below => {
            "Fix: give the outer option the type types.submodule, or declare both side by side"
        }
    }
}
