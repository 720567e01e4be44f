//! A file uses a name that nothing binds.

use nixpact_contract::{Meant, Model, UndefinedVariable};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("undefined_variable.md")]
    pub static UNDEFINED_VARIABLE = {
        name: "undefined-variable",
        summary: "a file uses a name that nothing binds",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for variable in &model.undefined_variables {
        let Some((first, others)) = variable.uses.split_first() else { continue };
        let label = match &variable.meant {
            Some(Meant::Name(meant)) => format!("did you mean '{meant}'?"),
            _ => "nothing binds it".to_owned(),
        };
        let finding = sink
            .finding(None, format!("undefined variable '{}'", variable.name))
            .primary(*first, label)
            .note("Nix refuses the whole file");
        let finding = match others.len() {
            0 => finding,
            1 => finding.note("The file uses it once more"),
            count => finding.note(format!("The file uses it {count} more times")),
        };
        sink.push(repaired(finding, variable));
    }
}

fn repaired(finding: Diagnostic, variable: &UndefinedVariable) -> Diagnostic {
    match &variable.meant {
        Some(Meant::Argument { at, text }) => {
            let edit = Edit { span: *at, text: text.clone() };
            finding
                .secondary(*at, "the module is not given it")
                .note(format!("Fix: {{ {}, … }}:", variable.name))
                .fix(Fix { applicability: Applicability::Unsafe, edits: vec![edit] })
        }
        Some(Meant::Name(meant)) => rewrite(finding, &variable.uses, meant),
        None => finding,
    }
}
