//! A comment for nixpact lacks its reason, or says nothing that nixpact understands.

use crate::decisions::{Comment, Decisions};
use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("invalid_suppression.md")]
    pub static INVALID_SUPPRESSION = {
        name: "invalid-suppression",
        summary: "a comment for nixpact lacks its reason or is not understood",
        level: Level::Deny,
        check: Decisions,
    }
}

const FORM: &str = "It is written as: # nixpact: allow(LINT) -- REASON";

fn check(decisions: &Decisions, sink: &mut Sink<'_>) {
    for comment in &decisions.comments {
        if comment.is_malformed {
            let finding = sink.finding(None, "A comment for nixpact is not understood");
            sink.push(finding.primary(comment.span, "this is no decision").note(FORM));
        } else if comment.reason.is_none() {
            let finding = sink.finding(None, "A suppression lacks its reason");
            sink.push(finding.primary(comment.span, "why is it to stay?").note(FORM));
        }
        unknown_lints(comment, sink);
    }
}

fn unknown_lints(comment: &Comment, sink: &mut Sink<'_>) {
    for allowed in &comment.allowed {
        if crate::find(&allowed.name).is_some() {
            continue;
        }
        let message = format!("A suppression names an unknown lint '{}'", allowed.name);
        let label = match crate::nearest(&allowed.name) {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None => "'nixpact lints' lists them".to_owned(),
        };
        sink.push(sink.finding(None, message).primary(allowed.span, label));
    }
}
