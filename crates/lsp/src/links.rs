//! Paths that lead to files of the repository.

use std::path::Path;

use gen_lsp_types::{DocumentLink, DocumentLinkParams, Uri};
use nixpact_source::normalize;
use nixpact_syntax::outline::{self, Bytes};

use crate::view::Document;

pub(crate) fn links(document: Document<'_>, _: DocumentLinkParams) -> Option<Vec<DocumentLink>> {
    let outline = outline::outline(&document.file.text);
    let link = |span: &Bytes| {
        let (path, target) = target(&document, *span)?;
        Some(DocumentLink {
            range: document.range(*span),
            target: Some(target),
            tooltip: document.view.client.link_tooltips.then_some(path),
            data: None,
        })
    };
    Some(outline.paths.iter().filter_map(link).collect())
}

/// The file to which the path at byte `at` leads.
pub(crate) fn target_at(document: &Document<'_>, at: u32) -> Option<Uri> {
    let outline = outline::outline(&document.file.text);
    let span = outline.paths.iter().find(|(start, end)| (*start..=*end).contains(&at))?;
    Some(target(document, *span)?.1)
}

/// The file that a path names, as `import` reads it: a directory is its `default.nix`.
fn target(document: &Document<'_>, span: Bytes) -> Option<(String, Uri)> {
    let written = document.text(span);
    if !written.starts_with('.') {
        return None;
    }
    let directory = Path::new(&document.file.path).parent()?.to_str()?;
    let path = normalize(&format!("{directory}/{written}"))?;
    let sources = document.view.sources();
    let inside = match path.is_empty() {
        true => "default.nix".to_owned(),
        false => format!("{path}/default.nix"),
    };
    let path = [path, inside].into_iter().find(|path| sources.id(path).is_some())?;
    let uri = document.view.uri(sources.id(&path)?)?;
    Some((path, uri))
}
