//! Paths that lead to files of the repository.

use std::path::Path;

use gen_lsp_types::{DocumentLink, DocumentLinkParams, Uri};
use nixpact_source::{FileId, normalize};
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

fn target(document: &Document<'_>, span: Bytes) -> Option<(String, Uri)> {
    let file = file(document, span)?;
    let path = document.view.sources().files().get(file.index())?.path.clone();
    Some((path, document.view.uri(file)?))
}

/// The file that a path names, as `import` reads it: a directory is its `default.nix`.
pub(crate) fn file(document: &Document<'_>, span: Bytes) -> Option<FileId> {
    let written = document.text(span);
    if !written.starts_with('.') {
        return None;
    }
    let directory = Path::new(&document.file.path).parent()?.to_str()?;
    let path = normalize(&format!("{directory}/{written}"))?;
    let inside = match path.is_empty() {
        true => "default.nix".to_owned(),
        false => format!("{path}/default.nix"),
    };
    [path, inside].iter().find_map(|path| document.view.sources().id(path))
}
