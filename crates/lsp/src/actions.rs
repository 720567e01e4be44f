//! What can be done about a finding, or at a place.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, WorkspaceEdit,
};
use nixpact_contract::{Datum, Role, Service, attribute_name};
use nixpact_diagnostics::{Applicability, Diagnostic, Edit, Fix};
use nixpact_engine::Trial;
use nixpact_source::Span;
use nixpact_syntax::outline::{self, Step};
use serde_json::json;

use crate::diagnostics::{diagnostic, touches};
use crate::edits::{difference, workspace_edit};
use crate::hover::services;
use crate::ports;
use crate::trials::{Budget, tried};
use crate::view::{Document, View};

/// So many repairs are tried for one answer; the others are offered as not preferred.
const MAX_TRIALS: usize = 8;

/// What stands where a reason has to be written.
const REASON: &str = "say why this is to stay";

pub(crate) fn actions(
    document: Document<'_>,
    params: CodeActionParams,
) -> Option<Vec<CodeActionResponse>> {
    let (start, end) = (document.offset(params.range.start), document.offset(params.range.end));
    let at = document.span((start.min(end), start.max(end)));
    let only = params.context.only.as_deref();
    let is_wanted = |kind: &CodeActionKind| only.is_none_or(|only| covers(only, kind));
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QuickFix) {
        let all = document.view.snapshot.analysis.diagnostics.iter().enumerate();
        let here: Vec<_> = all.filter(|(_, finding)| touches(finding, at)).collect();
        let mut repairs: Vec<Repair> = Vec::new();
        for repair in here.iter().flat_map(|(at, finding)| repairs_of(&document.view, *at, finding))
        {
            // One may be about several findings here, or be offered for two reasons.
            let is_same = |known: &&mut Repair| known.edits == repair.edits;
            match repairs.iter_mut().find(is_same) {
                Some(known) => known.findings.extend(&repair.findings),
                None => repairs.push(repair),
            }
        }
        let mut budget = Budget(MAX_TRIALS);
        let offered = |repair: Repair| repair.offered(&document.view, &mut budget);
        actions.extend(repairs.into_iter().filter_map(offered));
        actions.extend(here.iter().filter_map(|(_, finding)| suppression(&document, finding)));
    }
    if is_wanted(&CodeActionKind::RefactorRewrite) {
        actions.extend(free_port(&document, at.start));
    }
    if is_wanted(&CodeActionKind::SourceFixAll) {
        actions.extend(fix_all(&document, only.is_some()));
    }
    Some(actions.into_iter().map(CodeActionResponse::CodeAction).collect())
}

/// Whether a kind is one of those that are asked for, or below one.
fn covers(only: &[CodeActionKind], kind: &CodeActionKind) -> bool {
    only.iter().any(|wanted| {
        let (wanted, kind) = (wanted.as_str(), kind.as_str());
        let rest = kind.strip_prefix(wanted);
        wanted.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// What would remove a finding.
struct Repair {
    title: String,
    /// All findings that it is to remove, by their positions.
    findings: BTreeSet<usize>,
    edits: Vec<Edit>,
    /// Clients may take it without asking, if it does what it is to do.
    is_usual: bool,
}

impl Repair {
    /// The action, unless it would not remove the finding. As with `--fix`, only what leaves nothing else
    /// to be found is taken for granted.
    fn offered(self, view: &View<'_>, budget: &mut Budget) -> Option<CodeAction> {
        let trial = tried(view, budget, &self.findings, &self.edits);
        let title = match trial {
            Some(Trial::Fails) => return None,
            Some(Trial::Reveals(lint)) => format!("{} (leads to {lint})", self.title),
            Some(Trial::Holds) | None => self.title,
        };
        let all = &view.snapshot.analysis.diagnostics;
        let findings = self.findings.iter().filter_map(|at| all.get(*at));
        let mut action = quick_fix(view, findings, title, &self.edits);
        action.is_preferred = (self.is_usual && trial == Some(Trial::Holds)).then_some(true);
        Some(action)
    }
}

/// An action about findings.
fn quick_fix<'f>(
    view: &View<'_>,
    findings: impl Iterator<Item = &'f Diagnostic>,
    title: String,
    edits: &[Edit],
) -> CodeAction {
    let shown = findings.filter_map(|it| Some(diagnostic(view.client, view.workspace, it)?.1));
    CodeAction {
        title,
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(shown.collect()),
        edit: Some(workspace_edit(view, edits)),
        ..CodeAction::default()
    }
}

/// What would remove the finding at a position.
fn repairs_of(view: &View<'_>, at: usize, finding: &Diagnostic) -> Vec<Repair> {
    let mut repairs = Vec::new();
    let fix = finding.fix.as_ref().filter(|fix| fix.applicability > Applicability::DisplayOnly);
    if let Some(fix) = fix {
        let title = fix_title(view, finding, fix);
        let (findings, edits) = (BTreeSet::from([at]), fix.edits.clone());
        repairs.push(Repair { title, findings, edits, is_usual: true });
    }
    match finding.lint {
        "missing-required-field" => repairs.extend(missing_fields(view, finding)),
        "disabled-dependency" => repairs.extend(enable_dependency(view, at, finding)),
        _ => {}
    }
    repairs
}

/// What a fix does, in one line.
fn fix_title(view: &View<'_>, finding: &Diagnostic, fix: &Fix) -> String {
    const MAX_CHARS: usize = 60;
    let short = |text: &str| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = line.chars().take(MAX_CHARS).collect();
        if cut.len() < line.len() { format!("{cut}…") } else { cut }
    };
    let places = match fix.edits.len() {
        0 | 1 => String::new(),
        count => format!(" in {count} places"),
    };
    let Some(edit) = fix.edits.first() else { return finding.message.clone() };
    let old = view.sources().text(edit.span);
    match (edit.span.range().is_empty(), edit.text.trim().is_empty()) {
        _ if finding.lint == "duplicate-port" => {
            format!("Take the next free port: {}", short(&edit.text))
        }
        (true, _) => format!("Insert `{}`{places}", short(&edit.text)),
        (false, true) => format!("Remove `{}`{places}", short(old)),
        (false, false) => format!("Replace `{}` by `{}`{places}", short(old), short(&edit.text)),
    }
}

/// Adds the fields that a service lacks: what to begin with, since only the author knows the values.
fn missing_fields(view: &View<'_>, finding: &Diagnostic) -> Option<Repair> {
    let service = finding.services.first()?;
    let all = view.snapshot.analysis.diagnostics.iter().enumerate().filter(|(_, other)| {
        other.lint == finding.lint
            && other.services.first() == Some(service)
            && other.host == finding.host
    });
    let mut texts: BTreeMap<Span, Vec<String>> = BTreeMap::new();
    let (mut findings, mut count) = (BTreeSet::new(), 0);
    for (at, fix) in all.filter_map(|(at, other)| Some((at, other.fix.as_ref()?))) {
        findings.insert(at);
        for edit in &fix.edits {
            let text = with_free_port(view, service, &edit.text);
            let known = texts.entry(edit.span).or_default();
            if !known.contains(&text) {
                known.push(text);
                count += 1;
            }
        }
    }
    let title = match count {
        0 => return None,
        1 => format!("Add the missing field of '{service}'"),
        _ => format!("Add the {count} missing fields of '{service}'"),
    };
    let edits = texts.into_iter().map(|(span, texts)| Edit { span, text: texts.concat() });
    Some(Repair { title, findings, edits: edits.collect(), is_usual: false })
}

/// A definition of an example, with a port that no service has where it is that of a port.
fn with_free_port(view: &View<'_>, service: &str, text: &str) -> String {
    let model = view.model();
    let named = |contract: &usize| !services(model, *contract, service).is_empty();
    let contract = (0..model.contracts.len()).find(named).and_then(|at| model.contracts.get(at));
    let port = contract.and_then(|contract| contract.role(Role::Port));
    let free = port.zip(ports::proposed(model)).and_then(|(port, free)| {
        let name = attribute_name(&port.name);
        let rest = text.strip_prefix(&format!("{name} = {};", port.example))?;
        Some(format!("{name} = {free};{rest}"))
    });
    free.unwrap_or_else(|| text.to_owned())
}

/// Switches on the service that another one needs.
fn enable_dependency(view: &View<'_>, at: usize, finding: &Diagnostic) -> Option<Repair> {
    let [from, to, ..] = &finding.services[..] else { return None };
    if from == to {
        return None;
    }
    let model = view.model();
    let edits = (0..model.contracts.len()).find_map(|contract| {
        services(model, contract, to).into_iter().find_map(|(_, it)| enable(view, it)).or_else(
            || {
                let (_, from) = services(model, contract, from).into_iter().next()?;
                services(model, contract, to).first()?;
                enable_beside(view, from, to)
            },
        )
    })?;
    let findings = BTreeSet::from([at]);
    Some(Repair { title: format!("Enable '{to}'"), findings, edits, is_usual: true })
}

/// `true` where `false` is written.
fn enable(view: &View<'_>, service: &Service) -> Option<Vec<Edit>> {
    let contract = view.model().contracts.get(service.contract)?;
    let field = service.role(contract, Role::Enable)?;
    let places = field.definitions.iter().filter_map(|definition| definition.value);
    let places = places.chain(field.value.span.filter(|_| field.definitions.len() == 1));
    let edits: Vec<Edit> = places
        .filter_map(|span| view.place(span))
        .filter_map(|span| {
            let text = view.sources().text(span);
            let start = span.start + text.strip_suffix("false")?.len() as u32;
            // `false`, or `lib.mkDefault false`
            let before = text.strip_suffix("false")?;
            let is_whole = before.is_empty() || before.ends_with([' ', '\n', '\t']);
            let span = Span::new(span.file, start, span.end);
            is_whole.then(|| Edit { span, text: "true".to_owned() })
        })
        .take(1)
        .collect();
    (!edits.is_empty() && field.value.datum == Datum::Bool(false)).then_some(edits)
}

/// A line like that which switches on the service that needs it.
fn enable_beside(view: &View<'_>, from: &Service, to: &str) -> Option<Vec<Edit>> {
    let contract = view.model().contracts.get(from.contract)?;
    let field = from.role(contract, Role::Enable)?;
    let key = view.place(field.definitions.first()?.key?)?;
    let file = view.sources().files().get(key.file.index())?;
    let outline = outline::outline(&file.text);
    let binding = outline.bindings.iter().find(|binding| {
        binding.names.last().is_some_and(|(start, end)| (*start, *end) == (key.start, key.end))
    })?;
    let own = binding.way.steps.len() - binding.names.len();
    let nth = binding.way.steps.iter().rposition(|it| *it == Step::Name(from.name.clone()))?;
    let name = binding.names.get(nth.checked_sub(own)?)?;
    let text = file.text.get(binding.span.0 as usize..binding.span.1 as usize)?;
    if text.contains('\n') || !text.ends_with(';') {
        return None;
    }
    let line = file.line(file.line_of(binding.span.0))?;
    let indent = file.text.get(line.start..binding.span.0 as usize)?;
    if !indent.trim().is_empty() {
        return None;
    }
    let before = file.text.get(binding.span.0 as usize..name.0 as usize)?.trim_end_matches('"');
    let after = file.text.get(name.1 as usize..binding.span.1 as usize)?.trim_start_matches('"');
    let text = format!("\n{indent}{before}{}{after}", attribute_name(to));
    let at = Span::new(key.file, binding.span.1, binding.span.1);
    Some(vec![Edit { span: at, text }])
}

/// A comment that keeps a finding.
fn suppression(document: &Document<'_>, finding: &Diagnostic) -> Option<CodeAction> {
    let view = &document.view;
    if view.snapshot.is_draft(document.id) {
        return None;
    }
    let one = std::slice::from_ref(finding);
    let (fixes, count) = nixpact_engine::suppressions(view.sources(), one, REASON).ok()?;
    let edits: Vec<Edit> = fixes.into_iter().flat_map(|fix| fix.edits).collect();
    let title = format!("Keep it, with a reason: allow({})", finding.lint);
    (count > 0).then(|| quick_fix(view, one.iter(), title, &edits))
}

/// The next free port in place of the one under the cursor.
fn free_port(document: &Document<'_>, at: u32) -> Option<CodeAction> {
    let view = &document.view;
    let model = view.model();
    let (service, span) = model.all().flat_map(|host| &host.services).find_map(|service| {
        let field = ports::field(model, service)?;
        let span = view.place(field.value.span.filter(|_| field.value.is_literal)?)?;
        let key = field.definitions.first().and_then(|it| view.place(it.key?));
        let begins = key.filter(|key| key.file == span.file).map_or(span.start, |key| key.start);
        let is_here = span.file == document.id && begins.min(span.start) <= at && at <= span.end;
        is_here.then_some((service, span))
    })?;
    let own = ports::field(model, service)?.value.as_int()?;
    let free = ports::next_free(model, own)?;
    Some(CodeAction {
        title: format!("Take the next free port: {free}"),
        kind: Some(CodeActionKind::RefactorRewrite),
        edit: Some(workspace_edit(view, &[Edit { span, text: free.to_string() }])),
        ..CodeAction::default()
    })
}

const FIX_ALL: &str = "Fix all that is safe to fix in this file";

/// All safe fixes of a file: made when they are asked for, or when the client takes the action.
fn fix_all(document: &Document<'_>, is_asked_for: bool) -> Option<CodeAction> {
    let view = &document.view;
    let mut findings = view.snapshot.analysis.diagnostics.iter();
    if !findings.any(|finding| is_safe_in(finding, document.id)) {
        return None;
    }
    let mut action = CodeAction {
        title: FIX_ALL.to_owned(),
        kind: Some(CodeActionKind::SourceFixAll),
        ..CodeAction::default()
    };
    if view.client.resolves_actions {
        action.data = Some(json!({ "fixAll": view.uri(document.id)? }));
    } else if is_asked_for {
        action.edit = Some(all_fixed(document)?);
    } else {
        return None;
    }
    Some(action)
}

fn is_safe_in(finding: &Diagnostic, file: nixpact_source::FileId) -> bool {
    finding.fix.as_ref().is_some_and(|fix| {
        fix.applicability == Applicability::Safe
            && fix.edits.iter().all(|edit| edit.span.file == file)
    })
}

fn all_fixed(document: &Document<'_>) -> Option<WorkspaceEdit> {
    let view = &document.view;
    let session = view.workspace.session()?;
    let wanted = |_: &_, finding: &Diagnostic| is_safe_in(finding, document.id);
    let fixed = session.fixed(Applicability::Safe, &wanted).ok()?;
    let after = fixed.analysis.sources.files().get(document.id.index())?;
    let edits: Vec<Edit> =
        difference(document.id, &document.file.text, &after.text).into_iter().collect();
    Some(workspace_edit(view, &edits))
}

/// Makes the edit of an action that the client takes.
pub(crate) fn resolve(views: &[View<'_>], mut action: CodeAction) -> CodeAction {
    let uri = action.data.as_ref().and_then(|data| data.get("fixAll")).cloned();
    let uri = uri.and_then(|uri| serde_json::from_value::<gen_lsp_types::Uri>(uri).ok());
    let document = uri.and_then(|uri| views.iter().find_map(|view| view.document(&uri)));
    if let Some(document) = document {
        action.edit = all_fixed(&document);
    }
    action
}
