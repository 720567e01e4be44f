//! A file does not parse.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("syntax_error.md")]
    pub static SYNTAX_ERROR = {
        name: "syntax-error",
        summary: "a file does not parse",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for error in &model.syntax_errors {
        let message = format!("syntax error: {}", error.message);
        let finding = match error.is_limit {
            true => sink.possible(None, message).note("Nix may read it: nixpact has a limit there"),
            false if error.is_blank => sink
                .possible(None, message)
                .note("It is an error where Nix reads the file: no host does"),
            false => sink.finding(None, message),
        };
        let finding = finding.primary(error.span, "here");
        sink.push(match error.is_blank {
            true => finding,
            false => finding.note("what this file defines is not known, and is not checked"),
        });
    }
}
