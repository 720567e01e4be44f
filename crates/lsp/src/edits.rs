//! Edits as the protocol has them.

use std::collections::BTreeMap;

use gen_lsp_types::{
    DocumentChange, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use nixpact_diagnostics::Edit;
use nixpact_source::FileId;

use crate::convert;
use crate::view::View;

/// Edits of the texts as they are now, for the client to apply together.
pub(crate) fn workspace_edit(view: &View<'_>, edits: &[Edit]) -> WorkspaceEdit {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let Some(file) = view.sources().files().get(edit.span.file.index()) else { continue };
        let bytes = (edit.span.start, edit.span.end);
        let range = convert::range(view.client.encoding, file, bytes);
        let edit_of_client = TextEdit { range, new_text: edit.text.clone() };
        by_file.entry(edit.span.file).or_default().push(edit_of_client);
    }
    let with_uri = by_file.into_iter().filter_map(|(file, edits)| Some((view.uri(file)?, edits)));
    if !view.client.document_changes {
        let changes = Some(with_uri.collect());
        return WorkspaceEdit { changes, ..WorkspaceEdit::default() };
    }
    let change = |(uri, edits): (Uri, Vec<TextEdit>)| {
        let version = view.documents.get(&uri).map(|document| document.version);
        DocumentChange::TextDocumentEdit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version,
                text_document_identifier: TextDocumentIdentifier { uri },
            },
            edits: edits.into_iter().map(Into::into).collect(),
        })
    };
    let document_changes = Some(with_uri.map(change).collect());
    WorkspaceEdit { document_changes, ..WorkspaceEdit::default() }
}

/// A text after disjoint edits, in any order.
pub(crate) fn applied<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        let range = edit.span.range();
        if range.start < at {
            continue;
        }
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The smallest edit that makes one text of another.
pub(crate) fn difference(file: FileId, old: &str, new: &str) -> Option<Edit> {
    if old == new {
        return None;
    }
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let start = (0..=same).rev().find(|at| old.is_char_boundary(*at)).unwrap_or(0);
    let (old_rest, new_rest) = (old.get(start..)?, new.get(start..)?);
    let tail = old_rest.bytes().rev().zip(new_rest.bytes().rev()).take_while(|(a, b)| a == b);
    let tail = tail.count();
    let tail = (0..=tail).rev().find(|at| new.is_char_boundary(new.len() - at)).unwrap_or(0);
    let span = nixpact_source::Span::new(file, start as u32, (old.len() - tail) as u32);
    Some(Edit { span, text: new.get(start..new.len() - tail)?.to_owned() })
}
