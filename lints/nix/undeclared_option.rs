//! A definition belongs to no option.

use nixpact_contract::{Host, Model, Refused, RefusedKind, attribute_name};
use nixpact_diagnostics::Diagnostic;

use crate::lint::{Level, Sink, declare_lint};
use crate::options::{LintOption, OptionKind};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("undeclared_option.md")]
    pub static UNDECLARED_OPTION = {
        name: "undeclared-option",
        summary: "a definition belongs to no option",
        level: Level::Deny,
        options: &[LintOption {
            name: "open",
            kind: OptionKind::Strings,
            summary: "namespaces in which modules from elsewhere declare options, too",
        }],
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    let open = sink.options().strings("open");
    let is_open = |option: &str| {
        let below = |namespace: &String| option.strip_prefix(namespace.as_str());
        open.iter().filter_map(below).any(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for host in model.all() {
        for refused in &host.refused {
            if let Some(finding) = misplaced(host, refused, sink) {
                sink.push(finding);
            }
            if let RefusedKind::Undeclared { .. } = &refused.kind
                && !is_open(&refused.option)
                && !may_be_declared_outside(host, &refused.option)
                && let Some(finding) = diagnostic(host, refused, sink)
            {
                sink.push(finding);
            }
        }
    }
}

/// A value in the place of options.
fn misplaced(host: &Host, refused: &Refused, sink: &Sink<'_>) -> Option<Diagnostic> {
    let RefusedKind::Misplaced { what, span, law } = &refused.kind else { return None };
    let option = &refused.option;
    let (message, label) = match option.as_str() {
        "" => (format!("The configuration of a module is {what}"), "a set is expected"),
        _ => (format!("Option '{option}' does not exist: it is a set of options"), *what),
    };
    let mut finding = sink.finding(Some(host), message);
    if let Some(span) = *span {
        finding = finding.primary(span, label);
    }
    // Of all options of a host, none is meant more than another.
    match law {
        Some((name, law)) if !option.is_empty() => {
            let one = format!("{option}.{} = …;", attribute_name(name));
            finding = finding.secondary(*law, "one of its options is declared here");
            Some(finding.note(format!("Fix: define its options, such as {one}")))
        }
        _ => Some(finding),
    }
}

fn diagnostic(host: &Host, refused: &Refused, sink: &Sink<'_>) -> Option<Diagnostic> {
    let RefusedKind::Undeclared { parent, span, nearest, names, law } = &refused.kind else {
        return None;
    };
    let message = format!("Option '{}' does not exist", refused.option);
    let mut finding = match (nearest, host.unresolved.first()) {
        (None, Some(module)) => sink.possible(Some(host), message).note(format!(
            "It is an error unless a module that is not known declares it: {}",
            module.reason
        )),
        _ => sink.finding(Some(host), message),
    };
    if let Some(span) = *span {
        let label = match nearest {
            Some(name) => format!("did you mean '{name}'?"),
            None => "no module declares it".to_owned(),
        };
        finding = finding.primary(span, label);
        if let Some(name) = nearest {
            finding = rewrite(finding, names, &attribute_name(name));
        }
    }
    if let Some(law) = *law {
        finding = finding.secondary(law, "its neighbour is declared here");
    }
    Some(match nearest {
        Some(nearest) => {
            let dot = if parent.is_empty() { "" } else { "." };
            finding.note(format!("Fix: {parent}{dot}{} = …;", attribute_name(nearest)))
        }
        None => finding,
    })
}

/// Whether a module from outside of the repository may well declare an option in a namespace of the repository:
/// it is named as that is, as `inputs.nixarr.nixosModules.default` is for `nixarr.enable`, or it belongs to
/// whom the repository does, as one of `inputs.secrets` does.
pub(super) fn may_be_declared_outside(host: &Host, option: &str) -> bool {
    let option = option.to_lowercase();
    let (namespace, names) = option.split_once('.').unwrap_or((&option, ""));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_'-".contains(c);
    let names_it = |text: &str| {
        let text = without_nixos(text).to_lowercase();
        let mut words = text.split(|c| !is_name(c)).filter(|word| !word.is_empty());
        text.contains(namespace) || words.any(|word| names.split('.').any(|name| name == word))
    };
    host.unresolved.iter().any(|module| {
        let text = module.text.as_deref();
        names_it(&module.reason) || text.is_some_and(|text| names_it(text) || is_owners(text))
    })
}

/// Without a path of NixOS' own modules, which declare nothing of the repository's.
fn without_nixos(text: &str) -> &str {
    let below = |at: &str| Some(text.split_once(at)?.0);
    below("modulesPath/").or_else(|| below("/nixos/modules/")).unwrap_or(text)
}

/// Whether an input, of which `text` selects something, is named for what its owner keeps from others.
fn is_owners(text: &str) -> bool {
    let input = match text.strip_prefix("github:") {
        Some(repository) => repository.split(['.', '/']).nth(1),
        None => text.split(['.', '/']).next(),
    };
    let input = input.unwrap_or_default();
    input.split(['-', '_']).any(|word| matches!(word, "secret" | "secrets" | "private"))
}
