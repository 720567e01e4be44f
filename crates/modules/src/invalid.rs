//! What stands among the options and is none.

use nixpact_eval::{ErrorKind, Evaluator, NixError, Reason, Stop, Value};
use nixpact_source::Span;

use crate::foreign;
use crate::names;
use crate::node::{Node, RawDeclaration};
use crate::property::RawDefinition;

/// A declaration that nixpkgs refuses by itself.
#[derive(Clone, Debug)]
pub struct Invalid {
    pub kind: InvalidKind,
    /// Where the option's name is declared.
    pub name: Option<Span>,
    /// Where the mistake is written, if it is not the whole declaration.
    pub span: Option<Span>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InvalidKind {
    /// An argument that `mkOption` does not have.
    Argument(String),
    /// Nix would stop there with this message.
    Error(String),
    /// A set with another mark than that of an option, such as `option-type`.
    Marked(String),
    /// No set: a value of this type, with its article.
    Value(&'static str),
}

impl Invalid {
    /// Where nixpkgs stops for it.
    pub(crate) fn stop<'a>(&self, ev: &Evaluator<'a>, node: &'a Node<'a>) -> Stop<'a> {
        let what = match &self.kind {
            InvalidKind::Argument(_) | InvalidKind::Error(_) => {
                let stopped = node.declarations.iter().find_map(|raw| match ev.force(raw.value) {
                    Err(stop @ Stop::Error(_)) => Some(stop),
                    _ => None,
                });
                return stopped.unwrap_or_else(|| ev.unknown(Reason::Recursion, None));
            }
            InvalidKind::Marked(mark) => format!("a set of type {mark}"),
            InvalidKind::Value(what) => (*what).to_owned(),
        };
        let path = node.path;
        let message = format!("expected an option declaration at '{path}' but got {what}");
        let stop = ev.error_stop(ErrorKind::Throw, message);
        self.name.map_or(stop, |span| ev.at(stop, span))
    }
}

/// The first of the declarations that is surely neither an option nor a set of them.
pub(crate) fn invalid<'a>(
    ev: &Evaluator<'a>,
    declarations: &[RawDeclaration<'a>],
) -> Option<Invalid> {
    declarations.iter().find_map(|raw| {
        let (kind, span) = match ev.force(raw.value) {
            Err(Stop::Unknown(_)) => return None,
            Err(Stop::Error(error)) => (refused_with(ev, error), error.span),
            Ok(Value::Attrs(attrs)) => {
                let mark = ev.force(attrs.get(*names::TYPE_TAG)?.value);
                let Ok(Value::Str(mark)) = mark else { return None };
                (InvalidKind::Marked((mark != "option").then(|| mark.to_owned())?), None)
            }
            Ok(other) => (InvalidKind::Value(other.type_name()), None),
        };
        Some(Invalid { kind, name: raw.span, span })
    })
}

fn refused_with<'a>(ev: &Evaluator<'a>, error: &NixError<'a>) -> InvalidKind {
    match (error.kind, error.span) {
        // A function of the repository may stand around `mkOption`.
        (ErrorKind::UnexpectedArgument, Some(span)) if error.message.contains("'mkOption'") => {
            InvalidKind::Argument(ev.sources.text(span).trim_matches('"').to_owned())
        }
        _ => InvalidKind::Error(error.message.to_owned()),
    }
}

impl<'a> Node<'a> {
    /// Why what is declared at this very place is no option and no set of them, if so.
    pub fn invalid(&'a self, ev: &Evaluator<'a>) -> Option<Invalid> {
        // Nearly all are options, declared once.
        if self.declarations.len() == 1 && self.option(ev).is_some() {
            return None;
        }
        invalid(ev, self.declarations)
    }

    /// Whether nixpkgs stops at what is declared here, even where nothing reads it: where it looks at all
    /// declarations of a set, which it does with every set in which something is defined.
    pub fn stops_for(&'a self, ev: &Evaluator<'a>, invalid: &Invalid) -> bool {
        let path = self.path.segments();
        let own = &path[self.universe.path.segments().len()..];
        let Some((_, parents)) = own.split_last() else { return true };
        let is_looked_below = |depth: usize| {
            let parent = self.universe.node(ev, &parents[..depth]);
            // NixOS defines something in each of its own.
            let is_of_nixos = self.universe.is_host()
                && depth == 1
                && foreign::is_nixos_namespace(parents[0].as_str());
            is_of_nixos || parent.is_none_or(Node::is_looked_below)
        };
        (1..=parents.len()).all(is_looked_below) && self.is_surely_met(&invalid.kind)
    }

    /// Whether nixpkgs looks at what is declared below, to see whether all definitions belong to options: where
    /// something is surely defined.
    fn is_looked_below(&self) -> bool {
        // The root is never without: the module system defines something itself.
        std::ptr::eq(self.path, self.universe.path) || self.is_surely_defined()
    }

    fn is_surely_defined(&self) -> bool {
        !self.definitions.iter().all(RawDefinition::is_possible)
    }

    /// Whether nixpkgs meets an invalid declaration where it looks at all of its set: what is no set is in the way of
    /// definitions only.
    fn is_surely_met(&self, kind: &InvalidKind) -> bool {
        !matches!(kind, InvalidKind::Value(_)) || self.is_surely_defined()
    }

    /// Whether something that is declared below is no option and no set of them.
    pub(crate) fn has_invalid(&'a self, ev: &Evaluator<'a>) -> bool {
        self.children(ev).iter().any(|(_, child)| {
            invalid(ev, child.declarations).is_some()
                || child.option(ev).is_none() && child.has_invalid(ev)
        })
    }

    /// An error for what is declared below and is no option, where nixpkgs looks at it. So it does of an option that
    /// has others below it and cannot.
    pub(crate) fn invalid_below(&'a self, ev: &Evaluator<'a>) -> Option<Stop<'a>> {
        if !self.is_looked_below() {
            return None;
        }
        self.children(ev).iter().find_map(|(_, child)| match invalid(ev, child.declarations) {
            Some(invalid) if !child.is_surely_met(&invalid.kind) => None,
            Some(invalid) => Some(invalid.stop(ev, child)),
            None if child.declarations.len() > 1 && child.option(ev).is_some() => {
                child.option(ev)?.refuses_below(ev, child.path)
            }
            None if child.is_declared() && child.option(ev).is_none() => child.invalid_below(ev),
            None => None,
        })
    }
}
