//! Findings as the protocol has them.

use std::collections::BTreeMap;

use gen_lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentDiagnosticReport, FullDocumentDiagnosticReport, Location, PublishDiagnosticsParams,
    Range, RelatedFullDocumentDiagnosticReport, Uri, WorkspaceDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport,
};
use nixpact_diagnostics::Severity;
use nixpact_engine::Failure;
use nixpact_source::{FileId, Span};
use serde_json::json;

use crate::client::Client;
use crate::convert;
use crate::documents::Documents;
use crate::workspace::Workspace;

/// What the client shows, by path.
pub(crate) type Published = BTreeMap<String, Shown>;

/// The findings of one file, as the client was told of them.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Shown {
    /// As the client writes it where it holds the document.
    uri: Option<Uri>,
    /// That of the document.
    version: Option<i32>,
    diagnostics: Vec<Diagnostic>,
}

/// The lints whose findings are text that does nothing.
const UNNECESSARY: [&str; 1] = ["unused-suppression"];

/// One finding and the file in which it is; where it concerns the repository as a whole, the flake.
pub(crate) fn diagnostic(
    client: &Client,
    workspace: &Workspace,
    finding: &nixpact_diagnostics::Diagnostic,
) -> Option<(FileId, Diagnostic)> {
    let sources = &workspace.snapshot.as_ref()?.analysis.sources;
    let location = |span: Span| {
        let file = sources.files().get(span.file.index())?;
        Some((convert::range(client.encoding, file, (span.start, span.end)), file))
    };
    let (file, range) = match &finding.primary {
        Some(label) => (label.span.file, location(label.span)?.0),
        None => {
            let file = sources.id("flake.nix").unwrap_or(FileId::new(0));
            (file, location(Span::new(file, 0, 0))?.0)
        }
    };
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.primary.iter().map(|it| it.message.clone()).filter(|it| !it.is_empty()));
    let mut related = Vec::new();
    for label in &finding.secondary {
        let Some((range, file)) = location(label.span) else { continue };
        if client.related_information {
            let location = Location { uri: workspace.uri(&file.path)?, range };
            related.push(DiagnosticRelatedInformation { location, message: label.message.clone() });
        } else {
            let line = range.start.line + 1;
            lines.push(format!("{}:{line}: {}", file.path, label.message));
        }
    }
    lines.extend(finding.notes.iter().cloned());
    let is_unnecessary = UNNECESSARY.contains(&finding.lint);
    let diagnostic = Diagnostic {
        range,
        severity: Some(severity(finding.severity)),
        code: Some(finding.lint.to_owned().into()),
        code_description: page(finding.lint).map(|href| CodeDescription { href }),
        source: Some("nixpact".to_owned()),
        message: lines.join("\n").into(),
        tags: is_unnecessary.then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        data: Some(json!({ "fingerprint": finding.fingerprint })),
    };
    Some((file, diagnostic))
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Note => DiagnosticSeverity::Information,
    }
}

/// The page of a lint.
pub(crate) fn page(lint: &str) -> Option<Uri> {
    let file = nixpact_lints::find(lint)?.page_file();
    format!("{}/blob/main/{file}", env!("CARGO_PKG_REPOSITORY")).parse().ok()
}

/// All findings of a workspace, by path.
fn all(client: &Client, workspace: &Workspace) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut all: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    if let Some(snapshot) = &workspace.snapshot {
        for finding in &snapshot.analysis.diagnostics {
            if let Some((file, diagnostic)) = diagnostic(client, workspace, finding) {
                let path = &snapshot.analysis.sources.file(file).path;
                all.entry(path.clone()).or_default().push(diagnostic);
            }
        }
    }
    if let Some((path, diagnostic)) = configuration(workspace) {
        all.entry(path).or_default().push(diagnostic);
    }
    all.retain(|path, _| !workspace.is_nested(path));
    all
}

/// What is wrong in the configuration file.
fn configuration(workspace: &Workspace) -> Option<(String, Diagnostic)> {
    let Some(Failure::Config(error)) = &workspace.failure else { return None };
    let line = error.line.map_or(0, |line| line.saturating_sub(1)) as u32;
    let range = Range {
        start: gen_lsp_types::Position { line, character: 0 },
        end: gen_lsp_types::Position { line: line + 1, character: 0 },
    };
    let diagnostic = Diagnostic {
        range,
        severity: Some(DiagnosticSeverity::Error),
        source: Some("nixpact".to_owned()),
        message: error.problem.clone().into(),
        ..Diagnostic::default()
    };
    Some((workspace.relative(&error.path)?, diagnostic))
}

/// Sends what the client does not show yet. Gives whether a file other than those whose documents have a
/// new version was among it.
pub(crate) fn publish(
    client: &Client,
    workspace: &mut Workspace,
    index: usize,
    documents: &Documents,
) -> bool {
    let mut now: Published = BTreeMap::new();
    for (path, diagnostics) in all(client, workspace) {
        let uri = workspace.uri(&path);
        now.insert(path, Shown { uri, version: None, diagnostics });
    }
    for (uri, document) in documents {
        if let Some((_, path)) = document.place.as_ref().filter(|(at, _)| *at == index) {
            let shown = now.entry(path.clone()).or_default();
            (shown.uri, shown.version) = (Some(uri.clone()), Some(document.version));
        }
    }
    for path in workspace.published.keys().filter(|path| !workspace.is_nested(path)) {
        if !now.contains_key(path) {
            now.insert(path.clone(), Shown { uri: workspace.uri(path), ..Shown::default() });
        }
    }
    let mut others = false;
    for (path, shown) in &now {
        let nothing = Shown::default();
        let old = workspace.published.get(path).unwrap_or(&nothing);
        if old == shown {
            continue;
        }
        let is_other = shown.version.is_none() || old.version == shown.version;
        others |= old.diagnostics != shown.diagnostics && is_other;
        if old.uri != shown.uri {
            take_back(client, old);
        }
        tell(client, shown);
    }
    now.retain(|_, shown| shown.version.is_some() || !shown.diagnostics.is_empty());
    workspace.published = now;
    others
}

fn tell(client: &Client, shown: &Shown) {
    if let (Some(uri), false) = (shown.uri.clone(), client.pulls_diagnostics) {
        let (version, diagnostics) = (shown.version, shown.diagnostics.clone());
        let params = PublishDiagnosticsParams { uri, version, diagnostics };
        client.notify::<gen_lsp_types::PublishDiagnosticsNotification>(params);
    }
}

fn take_back(client: &Client, shown: &Shown) {
    if !shown.diagnostics.is_empty() {
        tell(client, &Shown { uri: shown.uri.clone(), ..Shown::default() });
    }
}

/// Takes all findings of a workspace back that is closed.
pub(crate) fn withdraw(client: &Client, workspace: &Workspace) {
    workspace.published.values().for_each(|shown| take_back(client, shown));
}

/// Takes the findings back of files of which another workspace speaks now.
pub(crate) fn withdraw_nested(client: &Client, workspace: &mut Workspace) {
    for (path, shown) in std::mem::take(&mut workspace.published) {
        match workspace.is_nested(&path) {
            true => take_back(client, &shown),
            false => {
                workspace.published.insert(path, shown);
            }
        }
    }
}

/// The findings of one file.
pub(crate) fn of_file(
    client: &Client,
    workspace: &Workspace,
    path: &str,
) -> DocumentDiagnosticReport {
    let items = all(client, workspace).remove(path).unwrap_or_default();
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: None, items },
    }
    .into()
}

/// The findings of all files; those that the client asked about before and that have none any more are
/// empty.
pub(crate) fn of_all(
    client: &Client,
    workspaces: &[Workspace],
    documents: &Documents,
    asked: impl Iterator<Item = Uri>,
) -> WorkspaceDiagnosticReport {
    let mut found: BTreeMap<Uri, Vec<Diagnostic>> = asked.map(|uri| (uri, Vec::new())).collect();
    for workspace in workspaces {
        for (path, items) in all(client, workspace) {
            if let Some(uri) = workspace.uri(&path) {
                found.insert(uri, items);
            }
        }
    }
    let report = |(uri, items): (Uri, Vec<Diagnostic>)| {
        WorkspaceFullDocumentDiagnosticReport {
            version: documents.get(&uri).map(|document| document.version),
            uri,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: None,
                items,
            },
        }
        .into()
    };
    WorkspaceDiagnosticReport { items: found.into_iter().map(report).collect() }
}

/// Whether a finding lies in a range of its file.
pub(crate) fn touches(finding: &nixpact_diagnostics::Diagnostic, at: Span) -> bool {
    finding.primary.as_ref().is_some_and(|label| {
        let span = label.span;
        span.file == at.file && span.start <= at.end && at.start <= span.end
    })
}
