//! A file is not formatted as the user's formatter has it.

use nixpact_contract::Model;

use crate::lint::{Level, Sink, declare_lint};
use crate::options::{LintOption, OptionKind};

declare_lint! {
    #[doc = include_str!("unformatted.md")]
    pub static UNFORMATTED = {
        name: "unformatted",
        summary: "a file is not formatted as the user's formatter has it",
        level: Level::Allow,
        options: &[LintOption {
            name: "command",
            kind: OptionKind::Strings,
            summary: "a formatter and its arguments, which fails for files that it would change",
        }],
        check,
    }
}

/// Arguments that make a formatter look only.
const LOOKING: &[&str] = &["--check", "-c", "--quiet", "-q"];

fn check(model: &Model, sink: &mut Sink<'_>) {
    let command = sink.options().strings("command");
    let Some(name) = command.first() else { return };
    let words = command.iter().map(String::as_str).filter(|word| !LOOKING.contains(word));
    let fixing = words.collect::<Vec<_>>().join(" ");
    for file in &model.unformatted {
        let finding = sink
            .finding(None, format!("'{}' is not formatted", file.path))
            .primary(file.span, format!("{name} would change this file"))
            .note(format!("Fix: {fixing} {}", file.path));
        sink.push(finding);
    }
}
