//! A comment suppresses nothing.

use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};

use crate::decisions::{Allowed, Comment, Decisions};
use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("unused_suppression.md")]
    pub static UNUSED_SUPPRESSION = {
        name: "unused-suppression",
        summary: "a comment suppresses a finding that is not there",
        level: Level::Warn,
        check: Decisions,
    }
}

fn check(decisions: &Decisions, sink: &mut Sink<'_>) {
    for comment in &decisions.comments {
        // What is wrong with it is said elsewhere.
        if comment.is_malformed || comment.reason.is_none() {
            continue;
        }
        let is_stale =
            |allowed: &&Allowed| !allowed.is_used && crate::find(&allowed.name).is_some();
        let stale: Vec<&Allowed> = comment.allowed.iter().filter(is_stale).collect();
        if stale.len() == comment.allowed.len() {
            let names: Vec<&str> = stale.iter().map(|allowed| allowed.name.as_str()).collect();
            let finding = finding(sink, &names.join(", "));
            let edits = vec![Edit { span: comment.removal, text: String::new() }];
            let fix = Fix { applicability: Applicability::Safe, edits };
            sink.push(finding.primary(comment.span, "nothing is found here").fix(fix));
            continue;
        }
        for allowed in stale {
            let finding = finding(sink, &allowed.name);
            let fix = without(comment, allowed);
            sink.push(finding.primary(allowed.span, "nothing of it is found here").fix(fix));
        }
    }
}

fn finding(sink: &Sink<'_>, names: &str) -> Diagnostic {
    sink.finding(None, format!("The suppression of {names} is unused"))
}

/// Removes one name from the list, with the comma beside it.
fn without(comment: &Comment, gone: &Allowed) -> Fix {
    let at = comment.allowed.iter().position(|allowed| allowed.span == gone.span).unwrap_or(0);
    let mut span = gone.span;
    match (at.checked_sub(1), comment.allowed.get(at + 1)) {
        (Some(before), _) => span.start = comment.allowed[before].span.end,
        (None, Some(next)) => span.end = next.span.start,
        (None, None) => {}
    }
    let edits = vec![Edit { span, text: String::new() }];
    Fix { applicability: Applicability::Safe, edits }
}
