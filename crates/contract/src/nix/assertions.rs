//! The assertions of a host that fail (`nixos/modules/misc/assertions.nix`).

use nixpact_eval::{Attrs, Evaluator, List, Piece, Thunk, Value};
use nixpact_modules::{Definition, Universe};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;

/// An assertion that surely fails: no system is built with it.
#[derive(Clone, PartialEq, Debug)]
pub struct FailedAssertion {
    /// What it says, with `…` for what is not known.
    pub message: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
    /// The file of a checkout of nixpkgs that it stands in.
    pub module: Option<String>,
}

/// The assertions of a host that fail, in the order of the list.
pub(crate) fn failed<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Vec<FailedAssertion> {
    let universe = universe.in_full(ev);
    let Some(node) = universe.node(ev, &[Symbol::new("assertions")]) else { return Vec::new() };
    let given = node.given(ev);
    // No module of NixOS has its assertions replace others, whatever they are.
    let may_replace = |definition: &Definition<'a>| {
        definition.condition.is_some() && !definition.file.is_some_and(|file| file.is_outside())
    };
    let certain = || given.iter().filter(|definition| definition.condition.is_none());
    let highest = certain().map(|definition| definition.priority).min();
    if node.opaque(ev).is_some() || given.iter().any(may_replace) {
        return match ev.force(node.value(ev)) {
            Ok(Value::List(list)) => failing_of(ev, list, None),
            _ => Vec::new(),
        };
    }
    let mut counting: Vec<_> = certain().filter(|it| Some(it.priority) == highest).collect();
    counting.sort_by_key(|definition| definition.order);
    let failed = counting.into_iter().filter_map(|definition| match ev.force(definition.value) {
        Ok(Value::List(list)) => Some(failing_of(ev, list, definition.file)),
        _ => None,
    });
    failed.flatten().collect()
}

fn failing_of<'a>(
    ev: &Evaluator<'a>,
    list: &List<'a>,
    file: Option<FileId>,
) -> Vec<FailedAssertion> {
    let failing = list.items.iter().filter_map(|item| Some((item, failing(ev, item)?)));
    let failed = failing.map(|(item, assertion)| FailedAssertion {
        message: message(ev, assertion),
        span: place(ev, item, assertion),
        module: file.and_then(|file| ev.path_outside(file)),
    });
    failed.collect()
}

/// Where the condition is written, or the whole.
fn place<'a>(ev: &Evaluator<'a>, item: &'a Thunk<'a>, assertion: &Attrs<'a>) -> Option<Span> {
    let condition = assertion.get(Symbol::new("assertion"))?;
    ev.written(condition.value).or(condition.span).or_else(|| ev.written(item))
}

/// The set that is an assertion, if it fails.
fn failing<'a>(ev: &Evaluator<'a>, item: &'a Thunk<'a>) -> Option<&'a Attrs<'a>> {
    let Ok(Value::Attrs(assertion)) = ev.force(item) else { return None };
    let condition = assertion.get(Symbol::new("assertion"))?;
    matches!(ev.force(condition.value), Ok(Value::Bool(false))).then_some(assertion)
}

fn message<'a>(ev: &Evaluator<'a>, assertion: &Attrs<'a>) -> Option<String> {
    match ev.force(assertion.get(Symbol::new("message"))?.value) {
        Ok(Value::Str(text)) => Some(text.to_owned()),
        Ok(Value::Template(pieces)) => {
            let shown = |piece: &Piece<'a>| match piece {
                Piece::Known(text) => text,
                Piece::Location(_) | Piece::Copy(_) | Piece::Unknown(_) => "…",
            };
            let known = |piece: &Piece<'a>| matches!(piece, Piece::Known(_));
            pieces.iter().any(known).then(|| pieces.iter().map(shown).collect())
        }
        _ => None,
    }
}
