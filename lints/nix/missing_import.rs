//! A file is imported that is not there.

use nixpact_contract::{Absence, Host, MissingImport, Model};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};

use crate::lint::{Level, Sink, declare_lint};

declare_lint! {
    #[doc = include_str!("missing_import.md")]
    pub static MISSING_IMPORT = {
        name: "missing-import",
        summary: "a file is imported that is not there",
        level: Level::Deny,
        check,
    }
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for import in &host.stops.missing {
            sink.push(finding(Some(host), &written(model, import), sink));
        }
    }
    if let Some(import) = &model.hosts_missing {
        sink.push(finding(None, &written(model, import), sink));
    }
    let needed = || {
        let of_hosts = model.hosts.iter().flat_map(|host| &host.stops.missing);
        of_hosts.chain(&model.hosts_missing)
    };
    for import in &model.missing_imports {
        if !needed().any(|needed| needed.span.holds(import.span)) {
            let finding = begin(sink.possible(None, message(import)), import);
            sink.push(finding.note("It is an error where Nix evaluates it: no host is known to"));
        }
    }
}

/// What Nix asks for may be a whole call of `import`: then the path in it, for which another may be meant.
fn written(model: &Model, import: &MissingImport) -> MissingImport {
    let is_meant = |it: &&MissingImport| import.span.holds(it.span) && import.path == it.path;
    let written = model.missing_imports.iter().find(is_meant).unwrap_or(import);
    MissingImport { absence: import.absence, ..written.clone() }
}

/// Nix surely asks for it.
fn finding(host: Option<&Host>, import: &MissingImport, sink: &Sink<'_>) -> Diagnostic {
    let condition = match import.absence {
        Absence::Plain => {
            let finding = begin(sink.finding(host, message(import)), import);
            return finding.note("Nix evaluates nothing of the host without it");
        }
        Absence::Ignored => ".gitignore names it, and it is made before Nix reads the flake",
        Absence::Machine => "it lies on the machine: there is no flake that says what Nix reads",
    };
    let finding = begin(sink.possible(host, message(import)), import);
    finding.note(format!("It is an error unless {condition}"))
}

fn message(import: &MissingImport) -> String {
    match (import.is_directory, import.path.as_str()) {
        (true, "") => "The repository is imported, and has no default.nix".to_owned(),
        (true, path) => format!("'{path}' is imported, and has no default.nix"),
        (false, path) => format!("'{path}' is imported, and does not exist"),
    }
}

fn begin(finding: Diagnostic, import: &MissingImport) -> Diagnostic {
    let Some(meant) = &import.meant else {
        let label =
            if import.is_directory { "a directory without default.nix" } else { "no such file" };
        return finding.primary(import.span, label);
    };
    let edits = vec![Edit { span: import.span, text: meant.clone() }];
    finding
        .primary(import.span, format!("did you mean {meant}?"))
        .fix(Fix { applicability: Applicability::Unsafe, edits })
}
