//! `nixpact check --show-unknown`

use std::collections::BTreeSet;
use std::io::{self, Write};

use nixpact_contract::UnknownValue;
use nixpact_engine::{Analysis, unknown_values};

/// What is not known: the hosts, their modules, and the values of their services.
pub fn show(out: &mut dyn Write, analysis: &Analysis) -> io::Result<()> {
    let model = &analysis.model;
    let mut lines = Vec::new();
    let mut add = |what: String, host: Option<&str>, unknown: &UnknownValue| {
        let place = unknown.span.map(|span| {
            let file = analysis.sources.file(span.file);
            let at = file.line_column(span.start);
            format!("{}:{}:{}: ", file.path, at.line, at.column)
        });
        let place = place.unwrap_or_default();
        let host = host.map(|host| format!(" on {host}")).unwrap_or_default();
        lines.push(format!("{place}unknown: {what}{host}: {}", unknown.reason));
    };
    if let Some(unknown) = &model.hosts_unknown {
        add("a host of flake.nix".to_owned(), None, unknown);
    }
    for host in &model.hosts {
        for unknown in &host.unresolved {
            add("a module".to_owned(), host.name.as_deref(), unknown);
        }
    }
    for (host, value, unknown) in unknown_values(model) {
        add(value, host, unknown);
    }
    let mut seen = BTreeSet::new();
    for line in lines {
        if seen.insert(line.clone()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
