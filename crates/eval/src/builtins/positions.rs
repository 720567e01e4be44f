//! Places in files: `__curPos` and `unsafeGetAttrPos`.

use nixpact_source::Span;
use nixpact_syntax::Symbol;

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{Eval, Reason, Stop};
use crate::value::{Piece, Value};

pub(super) const TABLE: &[Builtin] =
    &[Builtin { name: "unsafeGetAttrPos", arity: 2, run: attr_position }];

/// `{ file; line; column; }`, from 1; a column counts bytes.
pub(crate) fn position<'a>(ev: &Evaluator<'a>, span: Span) -> Value<'a> {
    ev.see_text(span.file);
    let file = ev.sources.file(span.file);
    let before = &file.text[..span.start as usize];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let number = |value: usize| ev.value(Value::Int(value as i64));
    let path = ev.arena.alloc_slice_copy(&[Piece::Location(ev.arena.alloc_str(&file.path))]);
    Value::Attrs(ev.attrs(vec![
        ev.attr("file", ev.value(Value::Template(path))),
        ev.attr("line", number(before.matches('\n').count() + 1)),
        ev.attr("column", number(before.len() - line_start + 1)),
    ]))
}

fn attr_position<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let name = Symbol::new(ev.force_str(args[0])?);
    let attrs = ev.force_attrs(args[1])?;
    match (attrs.get(name), attrs.rest) {
        (None, Some(rest)) => Err(Stop::Unknown(rest)),
        (None, None) => Ok(Value::Null),
        (Some(attr), _) => match attr.span {
            Some(span) if ev.is_set_literal(args[1]) && is_binding(ev, span) => {
                Ok(position(ev, span))
            }
            // Functions that make new sets keep the places or lose them, as the version of Nix wants.
            _ => Err(ev.unknown(Reason::VersionDependent("the place of an attribute"), None)),
        },
    }
}

/// Whether the name stands alone before its `=`. For `a.b = …` and `inherit`, Nix gives other places.
fn is_binding(ev: &Evaluator<'_>, span: Span) -> bool {
    ev.see_text(span.file);
    let text = &ev.sources.file(span.file).text;
    let before = text[..span.start as usize].trim_end();
    let behind = text[span.end as usize..].trim_start();
    !before.ends_with('.') && behind.starts_with('=')
}
