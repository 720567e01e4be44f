//! A declaration that is no option.

use nixpact_contract::{Invalid, InvalidKind, Model, RefusedKind};
use nixpact_diagnostics::Diagnostic;
use nixpact_source::Span;
use rustc_hash::FxHashSet;

use crate::lint::{Level, Sink, declare_lint};
use crate::text::{generic_option, rewrite};

declare_lint! {
    #[doc = include_str!("invalid_option.md")]
    pub static INVALID_OPTION = {
        name: "invalid-option",
        summary: "a declaration is no option, or Nix refuses how it is made",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    // Where Nix stops on one host, the finding is the same on the others.
    let met: FxHashSet<_> = model
        .all()
        .flat_map(|host| &host.refused)
        .filter_map(|refused| match &refused.kind {
            RefusedKind::Invalid { declaration, is_met: true, .. } => Some(place(declaration)),
            _ => None,
        })
        .collect();
    for host in model.all() {
        // All members of a set of submodules have their options from one declaration.
        let mut seen = FxHashSet::default();
        for refused in &host.refused {
            let RefusedKind::Invalid { declaration, nearest, names, .. } = &refused.kind else {
                continue;
            };
            if declaration.name.is_some() && !seen.insert(place(declaration)) {
                continue;
            }
            let option = generic_option(&refused.option, refused.service.as_deref());
            let message = message(&option, &declaration.kind);
            let finding = match met.contains(&place(declaration)) {
                true => sink.finding(Some(host), message),
                false => sink.possible(Some(host), message).note(unmet(&declaration.kind)),
            };
            let mut finding = placed(finding, declaration, nearest.as_deref());
            if let Some(nearest) = nearest {
                finding = rewrite(finding, names, nearest);
            }
            if let Some(remedy) = remedy(&option, &declaration.kind) {
                finding = finding.note(remedy);
            }
            sink.push(finding);
        }
    }
}

/// Where the name is declared, and the mistake written.
fn place(declaration: &Invalid) -> (Option<Span>, Option<Span>) {
    (declaration.name, declaration.span)
}

/// When it is an error that Nix does not meet by itself.
fn unmet(kind: &InvalidKind) -> &'static str {
    match kind {
        InvalidKind::Value(_) => "It is an error where something defines or reads it",
        _ => "It is an error where something reads it, or defines an option beside it",
    }
}

fn message(option: &str, kind: &InvalidKind) -> String {
    match kind {
        InvalidKind::Argument(name) => {
            format!("Option '{option}' is declared with '{name}', which mkOption does not have")
        }
        InvalidKind::Error(error) => format!("Option '{option}' cannot be declared: {error}"),
        InvalidKind::Marked(mark) => {
            format!("Option '{option}' is declared by a set of type '{mark}', which is no option")
        }
        InvalidKind::Value(what) => format!("Option '{option}' is declared by {what}"),
    }
}

fn placed(mut finding: Diagnostic, declaration: &Invalid, nearest: Option<&str>) -> Diagnostic {
    let label = match (&declaration.kind, nearest) {
        (InvalidKind::Argument(_), Some(nearest)) => format!("did you mean '{nearest}'?"),
        (InvalidKind::Argument(_), None) => "no argument of mkOption".to_owned(),
        (InvalidKind::Error(_), _) => "Nix stops here".to_owned(),
        (InvalidKind::Marked(_) | InvalidKind::Value(_), _) => {
            "neither an option nor a set of options".to_owned()
        }
    };
    if let Some(span) = declaration.span.or(declaration.name) {
        finding = finding.primary(span, label);
    }
    match (declaration.span, declaration.name) {
        (Some(_), Some(name)) => finding.secondary(name, "the option is declared here"),
        _ => finding,
    }
}

fn remedy(option: &str, kind: &InvalidKind) -> Option<String> {
    match kind {
        InvalidKind::Marked(mark) if mark == "option-type" => {
            Some(format!("Fix: options.{option} = lib.mkOption {{ type = …; }};"))
        }
        InvalidKind::Marked(mark) if ["if", "merge", "override", "order"].contains(&&**mark) => {
            Some(
                "Fix: options are declared in any case; put the condition around what is defined"
                    .to_owned(),
            )
        }
        InvalidKind::Marked(_) => None,
        InvalidKind::Value(_) => Some(format!(
            "Fix: define it with config.{option} = …, or declare it with lib.mkOption {{ default = …; }}"
        )),
        InvalidKind::Argument(_) | InvalidKind::Error(_) => None,
    }
}
