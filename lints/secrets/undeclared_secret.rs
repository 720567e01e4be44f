//! A module reads a secret that nothing declares.

use nixpact_contract::{Model, Undeclared, attribute_name, string_literal};

use crate::lint::{Level, Sink, declare_lint};
use crate::text::rewrite;

declare_lint! {
    #[doc = include_str!("undeclared_secret.md")]
    pub static UNDECLARED_SECRET = {
        name: "undeclared-secret",
        summary: "a module reads a secret that nothing declares",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for undeclared in &model.secrets.undeclared {
        let Undeclared { store, name, span, nearest, is_plain, is_evaluated, unless, .. } =
            undeclared;
        let host = model.hosts.get(undeclared.host);
        let message = format!("Secret '{name}' is read, and nothing declares it");
        let is_certain = *is_evaluated && unless.is_empty();
        let mut finding = match is_certain {
            true => sink.finding(host, message),
            false => sink.possible(host, message),
        };
        finding = finding.primary(*span, format!("{} has no such member", store.option()));
        if !is_evaluated {
            finding = finding.note("Nix stops as soon as the host needs this".to_owned());
        }
        if !unless.is_empty() {
            finding = finding.note(format!("Unless it is declared by {}", unless.join(", ")));
        }
        finding = match nearest {
            Some(nearest) => {
                let finding = finding.note(format!("Did you mean '{nearest}'?"));
                let places = if *is_plain { &[*span][..] } else { &[] };
                rewrite(finding, places, &attribute_name(nearest))
            }
            None => finding,
        };
        sink.push(finding.note(format!(
            "Fix: {}.{} = {{ … }};",
            store.option(),
            string_literal(name)
        )));
    }
}
