//! Reading options that the repository defines and others declare, such as those of NixOS.

use nixpact_eval::{Evaluator, Origin, Reason, Stop, Thunk, Unknown, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::Span;
use nixpact_syntax::Symbol;

/// The options of a host.
#[derive(Clone, Copy)]
pub(crate) struct Look<'e, 'a> {
    pub ev: &'e Evaluator<'a>,
    pub universe: &'a Universe<'a>,
}

impl<'a> Look<'_, 'a> {
    /// The place at a path, where a module defines something.
    pub fn at(&self, path: &[&str]) -> Option<&'a Node<'a>> {
        let path: Vec<Symbol> = path.iter().map(|name| Symbol::new(name)).collect();
        self.universe.node(self.ev, &path)
    }

    /// The place at a path below another.
    pub fn below(&self, node: &'a Node<'a>, path: &[&str]) -> Option<&'a Node<'a>> {
        path.iter().try_fold(node, |node, name| node.child(self.ev, Symbol::new(name)))
    }

    pub fn children(&self, node: Option<&'a Node<'a>>) -> &'a [(Symbol, &'a Node<'a>)] {
        node.map(|node| node.children(self.ev)).unwrap_or_default()
    }

    /// Why definitions of a place may count that are not known to. What is declared outside of the
    /// repository is not defined there, too.
    pub fn doubt(&self, node: &'a Node<'a>) -> Option<&'a Unknown<'a>> {
        let given = || {
            let mut given = node.given(self.ev).into_iter();
            given.find_map(|it| it.condition.or_else(|| self.missing(it.value)))
        };
        node.opaque(self.ev).or_else(given)
    }

    /// Why a definition may give more than is known of it.
    fn missing(&self, thunk: &'a Thunk<'a>) -> Option<&'a Unknown<'a>> {
        match self.ev.force(thunk) {
            Ok(Value::List(list)) => list.rest,
            Ok(Value::Attrs(set)) => set.rest,
            Err(stop) => Some(self.why(stop)),
            _ => None,
        }
    }

    /// Why nothing can be told of a value. Where Nix would refuse it, that is the mistake to be told of,
    /// and not what is missing without it.
    pub fn why(&self, stop: Stop<'a>) -> &'a Unknown<'a> {
        match stop {
            Stop::Unknown(unknown) => unknown,
            Stop::Error(error) => {
                self.ev.unknown_ref(Reason::Unsupported("a value that Nix refuses"), error.span)
            }
        }
    }

    /// A string that is wholly known, and where it is written.
    pub fn text(&self, thunk: &'a Thunk<'a>) -> Option<(&'a str, Option<Span>)> {
        match self.ev.force(thunk) {
            Ok(Value::Str(text)) => Some((text, self.span(thunk))),
            // Outside of the repository.
            Ok(Value::Path(path)) if path.starts_with('/') => Some((path, self.span(thunk))),
            _ => None,
        }
    }

    /// The one string that is surely the value of a place.
    pub fn text_at(&self, node: Option<&'a Node<'a>>) -> Option<(&'a str, Option<Span>)> {
        node.and_then(|node| self.text(node.value(self.ev)))
    }

    pub fn bool_at(&self, node: Option<&'a Node<'a>>) -> Option<bool> {
        match self.ev.force(node?.value(self.ev)) {
            Ok(Value::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The members of a list that are known, or the value itself where it is no list.
    pub fn items(&self, thunk: &'a Thunk<'a>) -> Vec<&'a Thunk<'a>> {
        match self.ev.force(thunk) {
            Ok(Value::List(list)) => list.items.to_vec(),
            _ => vec![thunk],
        }
    }

    /// The list that a place holds; none where no definition counts.
    pub fn list_at(&self, node: &'a Node<'a>) -> Option<&'a Thunk<'a>> {
        (!node.given(self.ev).is_empty()).then(|| node.value(self.ev))
    }

    /// Why a list may have members that are not known; those that its declaration would add do not
    /// count.
    pub fn rest(&self, thunk: &'a Thunk<'a>) -> Option<&'a Unknown<'a>> {
        match self.ev.force(thunk) {
            Ok(Value::List(list)) => list.rest.filter(|rest| foreign_option(rest).is_none()),
            Err(stop) => Some(self.why(stop)),
            _ => None,
        }
    }

    /// Words of a string or of a list of strings, as systemd reads a setting; none where one of them is
    /// not known.
    pub fn words(&self, node: &'a Node<'a>) -> Option<Vec<&'a str>> {
        let Some(list) = self.list_at(node) else { return Some(Vec::new()) };
        if self.doubt(node).is_some() || self.rest(list).is_some() {
            return None;
        }
        let mut words = Vec::new();
        for item in self.items(list) {
            words.extend(self.text(item)?.0.split_whitespace());
        }
        Some(words)
    }

    /// Where a value is written, behind any variables.
    pub fn span(&self, thunk: &'a Thunk<'a>) -> Option<Span> {
        let Origin { span, .. } = self.ev.origin(thunk);
        span
    }

    /// Where the name of a place is written first.
    pub fn name_span(&self, node: &Node<'a>) -> Option<Span> {
        node.definitions.iter().find_map(|definition| definition.span)
    }
}

/// The option declared outside of the repository that makes a value unknown.
pub(crate) fn foreign_option<'a>(unknown: &Unknown<'a>) -> Option<&'a str> {
    unknown.chain().last().and_then(|first| match first.reason {
        Reason::ForeignOption(option) => Some(option),
        _ => None,
    })
}
