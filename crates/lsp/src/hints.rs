//! The values of fields that are computed, behind them.

use gen_lsp_types::{InlayHint, InlayHintParams, Tooltip};
use nixpact_contract::{Datum, Field};

use crate::shown;
use crate::view::Document;

/// Longer values are cut, in characters.
const MAX_CHARS: usize = 48;

pub(crate) fn hints(document: Document<'_>, params: InlayHintParams) -> Option<Vec<InlayHint>> {
    let wanted = (document.offset(params.range.start), document.offset(params.range.end));
    let model = document.view.model();
    let mut hints: Vec<(u32, String)> = Vec::new();
    for service in model.all().flat_map(|host| &host.services) {
        for field in &service.fields {
            hints.extend(hint(&document, field, wanted));
        }
    }
    hints.sort_unstable();
    hints.dedup();
    // One place may give several services different values: a helper, a test.
    let at: Vec<u32> = hints.iter().map(|(at, _)| *at).collect();
    let is_one = |place: u32| at.iter().filter(|at| **at == place).count() == 1;
    let made = hints.iter().filter(|(at, _)| is_one(*at)).map(|(at, text)| InlayHint {
        position: document.position(*at),
        label: format!("= {text}").into(),
        kind: None,
        text_edits: None,
        tooltip: Some(Tooltip::String("what nixpact computes".to_owned())),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    });
    Some(made.collect())
}

fn hint(document: &Document<'_>, field: &Field, wanted: (u32, u32)) -> Option<(u32, String)> {
    let [definition] = &*field.definitions else { return None };
    let written = document.view.place(definition.value?)?;
    let end = written.end;
    if written.file != document.id || end < wanted.0 || written.start > wanted.1 {
        return None;
    }
    let is_long = document.text((written.start, written.end)).contains('\n');
    if is_long {
        return None;
    }
    // What is written out says its own value.
    let is_scalar = !matches!(
        field.value.datum,
        Datum::List { .. } | Datum::Attrs { .. } | Datum::Function | Datum::Error(_)
    );
    let is_plain = field.value.span == definition.value && field.value.is_literal;
    let value = shown::value(&field.value).filter(|_| is_scalar && !is_plain)?;
    if document.text((written.start, written.end)) == value {
        return None;
    }
    let short: String = value.chars().take(MAX_CHARS).collect();
    let dots = if short.len() < value.len() { "…" } else { "" };
    Some((end, format!("{short}{dots}")))
}
