//! A path that is persisted or backed up does not begin at the root.

use nixpact_contract::{
    Contract, Datum, Field, Host, Located, Model, Role, Service, string_literal,
};
use nixpact_diagnostics::Diagnostic;

use super::paths::{Entry, entries};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{member_span, origin, rewrite};

declare_lint! {
    #[doc = include_str!("relative_path.md")]
    pub static RELATIVE_PATH = {
        name: "relative-path",
        summary: "a path that is persisted or backed up is not absolute",
        level: Level::Warn,
        check,
    }
}

/// What is wrong with a path.
#[derive(Clone, Copy)]
enum Fault {
    /// `var/lib/x`
    Relative,
    /// `~/x`, `$HOME/x`
    Unexpanded(&'static str),
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for (index, contract) in model.contracts.iter().enumerate() {
            for role in [Role::State, Role::Backup] {
                if holds_paths(host, (index, contract), role) {
                    check_role(host, (index, contract), role, sink);
                }
            }
        }
    }
}

fn check_role(host: &Host, (index, contract): (usize, &Contract), role: Role, sink: &mut Sink<'_>) {
    for service in host.enabled().filter(|service| service.contract == index) {
        let Some(field) = service.role(contract, role) else { continue };
        for entry in entries(field) {
            if let Some(fault) = fault(entry.text) {
                sink.push(relative(host, contract, service, field, (&entry, fault), role, sink));
            }
        }
    }
}

/// Whether the field is known to hold paths: it may be called `backup` and hold names or times. Its
/// name says so, or an absolute path among the values of the host.
fn holds_paths(host: &Host, (index, contract): (usize, &Contract), role: Role) -> bool {
    const NAMES: &[&str] = &[
        "backupDirectories",
        "backupPaths",
        "dataDir",
        "persistDirs",
        "persistedData",
        "stateDirs",
    ];
    let is_named = || contract.role(role).is_some_and(|decl| NAMES.contains(&decl.name.as_str()));
    let mut fields = host
        .services
        .iter()
        .filter(|service| service.contract == index)
        .filter_map(|service| service.role(contract, role));
    is_named() || fields.any(|field| entries(field).iter().any(|it| it.text.starts_with('/')))
}

fn fault(path: &str) -> Option<Fault> {
    // A specifier of systemd, or another machine's path.
    let is_other = path.is_empty() || path.starts_with(['/', '%', '@']) || path.contains(':');
    match path {
        _ if path == "~" || path.starts_with("~/") => Some(Fault::Unexpanded("~")),
        _ if path.starts_with("$HOME") || path.starts_with("${HOME}") => {
            Some(Fault::Unexpanded("$HOME"))
        }
        _ if is_other || path.starts_with(['~', '$', '*', '!']) => None,
        _ => Some(Fault::Relative),
    }
}

fn relative(
    host: &Host,
    contract: &Contract,
    service: &Service,
    field: &Field,
    (entry, fault): (&Entry<'_>, Fault),
    role: Role,
    sink: &Sink<'_>,
) -> Diagnostic {
    let (name, path) = (&service.name, entry.text);
    let done = if role == Role::State { "persists" } else { "backs up" };
    let message = format!("Service '{name}' {done} '{path}', which is not an absolute path");
    let mut finding = sink.finding(Some(host), message).service(name);
    let shown = member_span(entry.value, field, service);
    if let Some(span) = shown {
        finding = finding.primary(
            span,
            match fault {
                Fault::Relative => "it does not begin with '/'".to_owned(),
                Fault::Unexpanded(word) => format!("nothing expands '{word}' here"),
            },
        );
    }
    finding = origin(finding, entry.value, shown);
    if let Some(law) = contract.role(role).and_then(|decl| decl.span) {
        finding = finding.secondary(law, "the contract declares the field here");
    }
    match (fault, repaired(path)) {
        (Fault::Relative, Some(absolute)) => {
            let absolute = string_literal(&absolute);
            finding = finding.note(format!("Fix: write {absolute}"));
            match literal(entry.value) {
                Some(span) => rewrite(finding, &[span], &absolute),
                None => finding,
            }
        }
        _ => finding.note("Fix: write the whole path, such as \"/home/…\""),
    }
}

/// Where a string is written, if that is a plain one.
fn literal(value: &Located) -> Option<nixpact_source::Span> {
    let is_plain = value.is_literal && matches!(value.datum, Datum::Str(_));
    value.span.filter(|_| is_plain)
}

/// The path from the root, where what is written begins like a directory there.
fn repaired(path: &str) -> Option<String> {
    const TOP: &[&str] = &["etc", "home", "mnt", "nix", "opt", "persist", "root", "srv", "var"];
    let path = path.trim_start_matches("./");
    let first = path.split('/').next().unwrap_or(path);
    TOP.contains(&first).then(|| format!("/{path}"))
}
