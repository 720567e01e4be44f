//! A function's pattern binds one name twice.

use nixpact_contract::Model;
use nixpact_diagnostics::{Applicability, Edit, Fix};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("duplicate_formal.md")]
    pub static DUPLICATE_FORMAL = {
        name: "duplicate-formal",
        summary: "a function's pattern binds one name twice",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for duplicate in &model.duplicate_formals {
        let finding = sink
            .finding(None, format!("duplicate argument '{}'", duplicate.name))
            .primary(duplicate.second, "bound again here")
            .secondary(duplicate.first, "first bound here")
            .note("Nix refuses the whole file");
        sink.push(match duplicate.removal {
            Some(span) => {
                let edits = vec![Edit { span, text: String::new() }];
                finding
                    .note("Fix: remove one of them")
                    .fix(Fix { applicability: Applicability::Safe, edits })
            }
            None => finding.note("Fix: remove one of them, or give it another name"),
        });
    }
}
