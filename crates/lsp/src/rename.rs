//! Other names for services, middlewares and databases.
//!
//! A name is changed where the thing is meant and nowhere else. What comes out is looked at before it is
//! handed out: the repository has to say the same as before, under the new name.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit,
};
use lsp_server::ErrorCode;
use nixpact_contract::{Model, attribute_name};
use nixpact_diagnostics::Edit;
use nixpact_engine::Analysis;
use nixpact_source::{FileId, Span};
use nixpact_syntax::outline::{self, Outline, Selection, Step};

use crate::arguments;
use crate::edits;
use crate::references::{self, bare};
use crate::target::{self, Target};
use crate::view::{Document, Refusal, View};

pub(crate) fn prepare(
    document: Document<'_>,
    params: PrepareRenameParams,
) -> Option<PrepareRenameResult> {
    let at = document.offset(params.text_document_position_params.position);
    let found = target::at(&document, at)?;
    let name = renamed(&found.target)?;
    let span = bare(&document.view, found.span);
    let range = document.range((span.start, span.end));
    Some(PrepareRenamePlaceholder { range, placeholder: name.to_owned() }.into())
}

/// The name of a target that can have another.
fn renamed(target: &Target) -> Option<&str> {
    match target {
        Target::Field { .. } | Target::Contract { .. } => None,
        _ => references::name(target),
    }
}

pub(crate) fn rename(
    document: Document<'_>,
    params: RenameParams,
) -> Result<Option<WorkspaceEdit>, Refusal> {
    let at = document.offset(params.text_document_position_params.position);
    let Some(found) = target::at(&document, at) else { return Ok(None) };
    let Some(old) = renamed(&found.target) else {
        return Err(refusal("only services, middlewares and databases can be renamed here"));
    };
    let new = params.new_name.as_str();
    check_name(&document.view, &found.target, new)?;
    let places: Vec<Span> = references::places(&document.view, &found.target).into_keys().collect();
    let mut edits: Vec<Edit> =
        places.iter().filter_map(|span| edit(&document.view, *span, old, new)).collect();
    if edits.is_empty() {
        return Err(refusal("its name is computed, so that it cannot be replaced"));
    }
    let derived = derived(&document.view, &edits, old, new)?;
    edits.extend(derived.iter().filter_map(|span| edit(&document.view, *span, old, new)));
    check_arguments(&document.view, &found.target, &edits)?;
    prove(&document.view, &found.target, new, &edits)?;
    Ok(Some(edits::workspace_edit(&document.view, &edits)))
}

/// Uses of options whose names are made of the old one, such as `config.databases.NAME`: with these edits
/// the attribute at their path has the new name.
fn derived(view: &View<'_>, edits: &[Edit], old: &str, new: &str) -> Result<Vec<Span>, Refusal> {
    const MAX_PATHS: usize = 32;
    let mut uses: BTreeMap<Vec<String>, Vec<Span>> = BTreeMap::new();
    for (at, file) in (0_u32..).zip(view.sources().files()) {
        let document = Document { view: *view, id: FileId::new(at), file };
        if file.text.contains(old) {
            let found = outline::outline(&file.text);
            for selection in &found.selections {
                selected(&document, &found, selection, old, &mut uses);
            }
        }
    }
    for known in edits {
        uses.values_mut().for_each(|spans| spans.retain(|span| *span != known.span));
    }
    uses.retain(|_, spans| !spans.is_empty());
    if uses.is_empty() {
        return Ok(Vec::new());
    }
    let Some(session) = view.workspace.session() else {
        return Err(refusal("the repository is being read"));
    };
    let paths: Vec<Vec<String>> = uses.keys().take(MAX_PATHS).cloned().collect();
    let ask = |texts| session.attributes_with(&texts, &paths).map_err(|it| refusal(it.to_string()));
    let (before, after) = (ask(BTreeMap::new())?, ask(texts(view, edits))?);
    let is_derived = |(before, after): (&BTreeSet<String>, &BTreeSet<String>)| {
        before.contains(old) && !after.contains(old) && after.contains(new)
    };
    let moved = before.iter().zip(&after).map(is_derived);
    Ok(uses.into_values().zip(moved).filter(|(_, it)| *it).flat_map(|(spans, _)| spans).collect())
}

/// The places where a selection has the old name, by the path before it.
fn selected(
    document: &Document<'_>,
    found: &Outline,
    selection: &Selection,
    old: &str,
    uses: &mut BTreeMap<Vec<String>, Vec<Span>>,
) {
    for (nth, (name, place)) in selection.names.iter().enumerate() {
        let names = selection.names.iter().take(nth).map(|(name, _)| name.clone()).collect();
        if name != old || nth == 0 {
            continue;
        }
        let Some(way) = target::unfold(document, found, names) else { continue };
        let name = |step: Step| match step {
            Step::Name(name) => Some(name),
            Step::Dynamic | Step::Element => None,
        };
        if let Some(path) = way.steps.into_iter().map(name).collect::<Option<Vec<String>>>() {
            uses.entry(path).or_default().push(document.span(*place));
        }
    }
}

/// The new texts of the files that edits change, by path.
fn texts(view: &View<'_>, edits: &[Edit]) -> BTreeMap<String, String> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.span.file).or_default().push(edit);
    }
    let text = |(file, edits): (FileId, Vec<&Edit>)| {
        let file = view.sources().file(file);
        (file.path.clone(), edits::applied(&file.text, edits))
    };
    by_file.into_iter().map(text).collect()
}

fn refusal(message: impl Into<String>) -> Refusal {
    (ErrorCode::RequestFailed, message.into())
}

fn check_name(view: &View<'_>, target: &Target, new: &str) -> Result<(), Refusal> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_'.@".contains(c);
    if new.is_empty() || !new.chars().all(is_plain) {
        return Err(refusal(format!("'{new}' is no name: letters, digits, '-' and '_' make one")));
    }
    let model = view.model();
    let is_taken = match target {
        Target::Service { contract, .. } => {
            let mut services = model.all().flat_map(|host| &host.services);
            services.any(|service| service.contract == *contract && service.name == new)
        }
        Target::Middleware { .. } => {
            model.hosts.iter().any(|host| host.middlewares.get(new).is_some())
        }
        _ => {
            let same = Target::Database { name: new.to_owned() };
            target::uses(view).iter().any(|used| used.target().as_ref() == Some(&same))
        }
    };
    match is_taken {
        true => Err(refusal(format!("'{new}' is there already"))),
        false => Ok(()),
    }
}

/// The new name in place of the old one, as an attribute's name or in a string.
fn edit(view: &View<'_>, span: Span, old: &str, new: &str) -> Option<Edit> {
    let sources = view.sources();
    if sources.text(span) != old {
        return None;
    }
    let text = &sources.file(span.file).text;
    let is_quoted = text.as_bytes().get((span.start as usize).checked_sub(1)?) == Some(&b'"');
    let is_indented = text.get(..span.start as usize)?.ends_with("''");
    let text = match is_quoted || is_indented {
        true => new.to_owned(),
        false => attribute_name(new).to_string(),
    };
    Some(Edit { span, text })
}

/// Refuses to leave the old name of a service to a function that reads the service by it: nothing else may
/// ask for that value here, but the machine will.
fn check_arguments(view: &View<'_>, target: &Target, edits: &[Edit]) -> Result<(), Refusal> {
    let Target::Service { contract, name: old } = target else { return Ok(()) };
    let Some(contract) = target::contract(view, *contract) else { return Ok(()) };
    for (at, file) in (0_u32..).zip(view.sources().files()) {
        if !file.text.contains(old.as_str()) {
            continue;
        }
        let document = Document { view: *view, id: FileId::new(at), file };
        let found = outline::outline(&file.text);
        for text in found.texts.iter().filter(|text| document.text(text.span) == old) {
            let span = document.span(text.span);
            if edits.iter().any(|edit| edit.span == span) {
                continue;
            }
            let Some((function, name)) = arguments::given(&document, &found, text.span) else {
                continue;
            };
            let name = name.map(|name| format!("{name}}}")).unwrap_or_default();
            let read = format!("{}.${{{name}", contract.option);
            if function.contains(&read) {
                let place = view.shown_now(span).unwrap_or_default();
                return Err(refusal(format!(
                    "the function that is called at {place} reads {}.${{…}} by the old name",
                    contract.option
                )));
            }
        }
    }
    Ok(())
}

/// Refuses edits after which the repository is not what it was.
fn prove(view: &View<'_>, target: &Target, new: &str, edits: &[Edit]) -> Result<(), Refusal> {
    let Some(session) = view.workspace.session() else {
        return Err(refusal("the repository is being read"));
    };
    if edits.iter().any(|edit| view.snapshot.is_draft(edit.span.file)) {
        return Err(refusal("a file in which it is named does not parse"));
    }
    let texts = texts(view, edits);
    let after = session.with_texts(&texts).map_err(|error| refusal(error.to_string()))?;
    if summary(&after.model, None) != summary(view.model(), Some((target, new))) {
        return Err(refusal(
            "the repository would say something else: the name is also computed or used in a way that \
             is not followed",
        ));
    }
    match worse(&view.snapshot.analysis, &after) {
        Some(message) => Err(refusal(format!("there would be a new finding: {message}"))),
        None => Ok(()),
    }
}

/// The services of each host, with the names by which they name others and whether they are enabled.
fn summary(model: &Model, renamed: Option<(&Target, &str)>) -> Vec<Vec<(String, String)>> {
    let name = |target: Target, name: &str| match renamed {
        Some((known, new)) if *known == target => new.to_owned(),
        _ => name.to_owned(),
    };
    let hosts = model.all().map(|host| {
        let mut services: Vec<(String, String)> = host
            .services
            .iter()
            .map(|service| {
                let contract = service.contract;
                let itself = Target::Service { contract, name: service.name.clone() };
                let uses = target::of_service(model, service).into_iter();
                let uses = uses.filter_map(|used| Some(name(used.target()?, used.name)));
                let state = match &service.enabled {
                    nixpact_contract::Enabled::Yes => "yes",
                    nixpact_contract::Enabled::No => "no",
                    nixpact_contract::Enabled::Unknown(_) => "unknown",
                };
                let said = format!("{contract} {state} {:?}", uses.collect::<Vec<_>>());
                (name(itself, &service.name), said)
            })
            .collect();
        services.sort_unstable();
        services
    });
    hosts.collect()
}

/// A finding that was not there before, by lint and number.
fn worse<'a>(before: &Analysis, after: &'a Analysis) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, isize> = BTreeMap::new();
    for finding in &before.diagnostics {
        *counts.entry(finding.lint).or_default() += 1;
    }
    after.diagnostics.iter().find_map(|finding| {
        let left = counts.entry(finding.lint).or_default();
        *left -= 1;
        (*left < 0).then_some(finding.message.as_str())
    })
}
