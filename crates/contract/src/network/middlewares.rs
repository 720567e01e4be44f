//! Which middlewares a host has.

use std::collections::BTreeMap;

use nixpact_eval::{Attr, Evaluator, Reason, Stop, Thunk, Value};
use nixpact_modules::{Node, Type, Universe};
use nixpact_syntax::Symbol;

use crate::datum::located;
use crate::model::{Middleware, Middlewares};
use crate::settings::Settings;

/// Where Traefik's own module keeps them.
const TRAEFIK: &[&[&str]] = &[
    &["services", "traefik", "dynamicConfigOptions", "http", "middlewares"],
    &["services", "traefik", "dynamicConfigOptions", "tcp", "middlewares"],
];

/// Options nested deeper are not searched.
const MAX_DEPTH: usize = 6;

struct Search<'e, 'a> {
    ev: &'e Evaluator<'a>,
    found: BTreeMap<String, Middleware>,
    sources: Vec<String>,
    complete: bool,
}

/// The names that options of the repository called `middlewares`, Traefik's own options and the
/// configured places have.
pub(crate) fn middlewares<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    settings: &Settings,
) -> Middlewares {
    let mut search = Search { ev, found: BTreeMap::new(), sources: Vec::new(), complete: true };
    if settings.middlewares_from.is_empty() {
        search.declared(universe.root(ev), 0);
        for path in TRAEFIK {
            let path: Vec<String> = path.iter().map(|&segment| segment.to_owned()).collect();
            search.option(universe, &path);
        }
    } else {
        for path in &settings.middlewares_from {
            search.option(universe, path);
        }
    }
    for name in &settings.middlewares_extra {
        let extra = Middleware { name: name.clone(), ..Middleware::default() };
        search.found.entry(name.clone()).or_insert(extra);
    }
    Middlewares {
        all: search.found.into_values().collect(),
        unused: Vec::new(),
        sources: search.sources,
        complete: search.complete,
    }
}

impl<'a> Search<'_, 'a> {
    /// Options of the repository whose name is `middlewares` and whose value is a set.
    fn declared(&mut self, node: &'a Node<'a>, depth: usize) {
        if depth > MAX_DEPTH || !node.is_declared() {
            return;
        }
        let Some(option) = node.option(self.ev) else {
            for (_, child) in node.children(self.ev) {
                self.declared(child, depth + 1);
            }
            return;
        };
        let is_set = matches!(
            option.slot.ty.get(self.ev).unchecked(),
            Type::AttrsOf { .. } | Type::Attrs | Type::Anything
        );
        if node.path.last().as_str() == "middlewares" && is_set {
            self.members(node.value(self.ev), node.path.to_string());
        }
    }

    /// The members of the set at a path of options, in which `*` stands for any name.
    ///
    /// What is defined beside the path is not looked at, as long as that is possible: the value of a set
    /// hangs on the conditions of all its members.
    fn option(&mut self, universe: &'a Universe<'a>, path: &[String]) {
        let mut node = universe.root(self.ev);
        let mut rest = path;
        let mut walked = Vec::new();
        while let Some((first, others)) = rest.split_first()
            && first != "*"
            && node.option(self.ev).is_none()
            && let Some(child) = node.child(self.ev, Symbol::new(first))
        {
            walked.push(first.clone());
            (node, rest) = (child, others);
        }
        let value = if walked.is_empty() { universe.config(self.ev) } else { node.value(self.ev) };
        self.path(value, rest, &mut walked);
    }

    /// The members of the set at a path below a value.
    fn path(&mut self, base: &'a Thunk<'a>, path: &[String], walked: &mut Vec<String>) {
        let Some((first, rest)) = path.split_first() else {
            return self.members(base, walked.join("."));
        };
        let attrs = match self.ev.force(base) {
            Ok(Value::Attrs(attrs)) => attrs,
            Err(stop) => return self.stop(stop),
            Ok(_) => return,
        };
        for attr in attrs.sorted() {
            if first == "*" || attr.name == Symbol::new(first) {
                walked.push(attr.name.to_string());
                self.path(attr.value, rest, walked);
                walked.pop();
            }
        }
    }

    fn members(&mut self, set: &'a Thunk<'a>, source: String) {
        match self.ev.force(set) {
            Ok(Value::Attrs(attrs)) => {
                for attr in attrs.unordered() {
                    let name = attr.name.to_string();
                    let ev = self.ev;
                    self.found.entry(name).or_insert_with(|| middleware(ev, attr));
                }
                if let Some(rest) = attrs.rest {
                    self.unknown(rest.reason);
                }
                self.sources.push(source);
            }
            Err(stop) => self.stop(stop),
            Ok(_) => {}
        }
    }

    /// Where Nix stops, nothing can be said of what would be there.
    fn stop(&mut self, stop: Stop<'a>) {
        match stop {
            Stop::Unknown(unknown) => self.unknown(unknown.reason),
            Stop::Error(_) => self.complete = false,
        }
    }

    /// NixOS itself defines no middlewares, so an option of its own may be read as complete.
    fn unknown(&mut self, reason: Reason<'_>) {
        if !matches!(reason, Reason::ForeignOption(_)) {
            self.complete = false;
        }
    }
}

/// What a definition says of itself, as far as it is known.
fn middleware<'a>(ev: &Evaluator<'a>, attr: &Attr<'a>) -> Middleware {
    const ASKING: &[&str] = &["forwardAuth", "basicAuth", "digestAuth"];
    let mut middleware =
        Middleware { name: attr.name.to_string(), span: attr.span, ..Middleware::default() };
    let Ok(Value::Attrs(kinds)) = ev.force(attr.value) else { return middleware };
    middleware.asks_who = ASKING.iter().any(|kind| kinds.get(Symbol::new(kind)).is_some());
    let chain = kinds.get(Symbol::new("chain")).map(|chain| ev.force(chain.value));
    if let Some(Ok(Value::Attrs(chain))) = chain
        && let Some(members) = chain.get(Symbol::new("middlewares"))
    {
        middleware.chain = located(ev, members.value).items().to_vec();
    }
    middleware
}
