//! A value is not of its option's type.

use nixpact_contract::{FindingKind, Model, RefusedKind};

use crate::lint::{Level, Sink, declare_lint};
use crate::nix::undeclared_option::may_be_declared_outside;
use crate::wrong_type;

declare_lint! {
    #[doc = include_str!("wrong_option_type.md")]
    pub static WRONG_OPTION_TYPE = {
        name: "wrong-option-type",
        summary: "a value is not of the type that its option declares",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in model.all() {
        for refused in &host.refused {
            let RefusedKind::WrongType(finding) = &refused.kind else { continue };
            let FindingKind::WrongType { expected, found, members, suggestion, .. } = &finding.kind
            else {
                continue;
            };
            let option = &refused.option;
            // The repository may add to an enum of another's module.
            if !members.is_empty() && may_be_declared_outside(host, option) {
                continue;
            }
            let message = format!("A value of option '{option}' is {found}, expected {expected}");
            let diagnostic = sink.finding(Some(host), message);
            let diagnostic = wrong_type::placed(diagnostic, finding, None, option);
            sink.push(match suggestion {
                Some(suggestion) => diagnostic.note(format!("Fix: {option} = {suggestion};")),
                None => diagnostic,
            });
        }
    }
}
