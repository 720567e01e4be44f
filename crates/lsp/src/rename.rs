//! Other names for services, middlewares and databases.
//!
//! A name is changed where the thing is meant and nowhere else. What comes out is looked at before it is
//! handed out: the repository has to say the same as before, under the new name.

use std::collections::BTreeMap;

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameResult, RenameParams, WorkspaceEdit,
};
use lsp_server::ErrorCode;
use nixpact_contract::{Model, attribute_name};
use nixpact_diagnostics::Edit;
use nixpact_engine::Analysis;
use nixpact_source::Span;

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
    let edits: Vec<Edit> =
        places.iter().filter_map(|span| edit(&document.view, *span, old, new)).collect();
    if edits.is_empty() {
        return Err(refusal("its name is computed, so that it cannot be replaced"));
    }
    prove(&document.view, &found.target, new, &edits)?;
    Ok(Some(edits::workspace_edit(&document.view, &edits)))
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
            let mut names = model.hosts.iter().flat_map(|host| &host.middlewares.names);
            names.any(|(known, _)| known == new)
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

/// Refuses edits after which the repository is not what it was.
fn prove(view: &View<'_>, target: &Target, new: &str, edits: &[Edit]) -> Result<(), Refusal> {
    let Some(session) = view.workspace.session() else {
        return Err(refusal("the repository is being read"));
    };
    if edits.iter().any(|edit| view.snapshot.is_draft(edit.span.file)) {
        return Err(refusal("a file in which it is named does not parse"));
    }
    let mut texts = BTreeMap::new();
    for edit in edits {
        let file = view.sources().file(edit.span.file);
        texts.entry(file.path.clone()).or_insert_with(Vec::new).push(edit);
    }
    let texts = texts.into_iter().map(|(path, edits)| {
        let file = view.sources().id(&path).map(|id| view.sources().file(id));
        let text = file.map(|file| edits::applied(&file.text, edits)).unwrap_or_default();
        (path, text)
    });
    let after = session.with_texts(texts.collect()).map_err(|error| refusal(error.to_string()))?;
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
