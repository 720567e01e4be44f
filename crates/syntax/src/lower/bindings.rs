//! Attribute sets and `let`: paths are nested, and sets merged or refused, as Nix's parser does.

use nixpact_source::Span;
use rnix::SyntaxKind::*;
use rustc_hash::FxHashMap;

use super::{Frame, Lowerer, extend};
use crate::Symbol;
use crate::ast::{
    Attribute, DuplicateAttribute, DynamicAttribute, Expr, ExprId, Key, KeyName, SetLiteral,
};
use crate::tree::Node;

/// A set as it is being put together, before its values are lowered: those need its scope.
#[derive(Default)]
struct Draft<'t> {
    recursive: bool,
    entries: Vec<Entry<'t>>,
    /// Positions in `entries`, once there are too many to search one by one.
    index: FxHashMap<Symbol, usize>,
    inherit_from: Vec<Node<'t>>,
    dynamic: Vec<(Node<'t>, Value<'t>, (u32, u32))>,
}

pub(super) struct Entry<'t> {
    name: Symbol,
    span: (u32, u32),
    value: Value<'t>,
}

enum Value<'t> {
    Node(Node<'t>),
    Set(Box<Draft<'t>>, (u32, u32)),
    /// `inherit name`
    Inherited,
    /// `inherit (from) name`, with the position of `from`.
    InheritedFrom(usize),
    /// The name of an `inherit name`, in the scope around the set.
    Lowered(ExprId),
    /// Defined twice.
    Broken,
}

/// How many entries are searched one by one.
const FEW: usize = 16;

impl<'t> Draft<'t> {
    fn find(&mut self, name: Symbol) -> Option<usize> {
        if self.entries.len() <= FEW {
            return self.entries.iter().position(|entry| entry.name == name);
        }
        if self.index.len() != self.entries.len() {
            let positions = self.entries.iter().enumerate().map(|(at, entry)| (entry.name, at));
            self.index = positions.collect();
        }
        self.index.get(&name).copied()
    }

    fn push(&mut self, entry: Entry<'t>) -> usize {
        let at = self.entries.len();
        if self.index.len() == at && at > FEW {
            self.index.insert(entry.name, at);
        }
        self.entries.push(entry);
        at
    }
}

impl<'t> Lowerer<'t> {
    /// Lowers a `NODE_ATTR_SET` to an index of [`Ast::sets`](crate::Ast::sets).
    pub(super) fn set(&mut self, node: Node<'t>) -> u32 {
        let mut draft = self.draft(self.is_recursive(node));
        self.collect(node, &mut draft);
        self.finish(draft)
    }

    pub(super) fn let_in(&mut self, node: Node<'t>, at: (u32, u32)) -> ExprId {
        let mut draft = self.draft(true);
        self.collect(node, &mut draft);
        if let Some((_, _, at)) = draft.dynamic.first() {
            self.error("a dynamic attribute cannot stand in 'let'", *at);
        }
        let body = node.children().last().filter(|last| !is_binding(*last));
        let (set, body) = self.finish_with(draft, |this| this.expr_or_broken(body, at));
        self.push(Expr::Let(set, body), at)
    }

    /// `let { …; body = …; }` is `rec { … }.body`.
    pub(super) fn legacy_let(&mut self, node: Node<'t>, at: (u32, u32)) -> ExprId {
        let mut draft = self.draft(true);
        self.collect(node, &mut draft);
        let set = self.finish(draft);
        let base = self.push(Expr::Set(set), at);
        let body = Key { name: KeyName::Static(Symbol::new("body")), span: at };
        let path = extend(&mut self.ast.keys, [body]);
        self.push(Expr::Select { base, path }, at)
    }

    fn is_recursive(&self, set: Node<'_>) -> bool {
        self.slice(set.span()).starts_with("rec")
    }

    /// An empty draft, in the room of one that is finished.
    fn draft(&mut self, recursive: bool) -> Draft<'t> {
        let entries = self.finished.pop().unwrap_or_default();
        Draft { recursive, entries, ..Draft::default() }
    }

    fn collect(&mut self, node: Node<'t>, draft: &mut Draft<'t>) {
        for child in node.children() {
            match child.kind() {
                NODE_ATTRPATH_VALUE => self.add_binding(child, draft),
                NODE_INHERIT => self.add_inherit(child, draft),
                _ => {}
            }
        }
    }

    fn add_inherit(&mut self, node: Node<'t>, draft: &mut Draft<'t>) {
        let mut from = None;
        for child in node.children() {
            if child.kind() == NODE_INHERIT_FROM {
                from = Some(draft.inherit_from.len());
                draft.inherit_from.extend(child.children().next());
                continue;
            }
            let at = child.span();
            let Some(name) = self.static_key(child) else {
                self.error("a dynamic attribute cannot be inherited", at);
                continue;
            };
            if let Some(known) = draft.find(name) {
                let first = draft.entries[known].span;
                self.duplicate(name.as_str().to_owned(), first, at);
                draft.entries[known].value = Value::Broken;
                continue;
            }
            let value = from.map_or(Value::Inherited, Value::InheritedFrom);
            draft.push(Entry { name, span: at, value });
        }
    }

    /// `addAttr` of Nix's parser.
    fn add_binding(&mut self, node: Node<'t>, draft: &mut Draft<'t>) {
        let outer = self.open.names.len();
        self.add_path(node, draft, outer);
        self.open.names.truncate(outer);
    }

    /// The names of the path are those behind the `outer` ones.
    fn add_path(&mut self, node: Node<'t>, mut draft: &mut Draft<'t>, outer: usize) {
        let mut children = node.children();
        let (Some(path), Some(value)) = (children.next(), children.next()) else {
            self.error("a binding without a value", node.span());
            return;
        };
        let (_, end) = node.span();
        let (path_start, path_end) = path.span();
        let mut segments = path.children();
        let Some(mut last) = segments.next() else { return };
        for next in segments {
            let segment = std::mem::replace(&mut last, next);
            let at = segment.span();
            let nested = (at.1, end);
            let Some(name) = self.static_key(segment) else {
                let inner = Box::new(self.draft(false));
                draft.dynamic.push((segment, Value::Set(inner, nested), at));
                let Some((_, Value::Set(inner, _), _)) = draft.dynamic.last_mut() else { return };
                draft = inner;
                continue;
            };
            self.open.names.push(name);
            let known = match draft.find(name) {
                Some(known) => {
                    self.ast.repeated.push((draft.entries[known].span, at));
                    known
                }
                None => {
                    let value = Value::Set(Box::new(self.draft(false)), nested);
                    draft.push(Entry { name, span: at, value })
                }
            };
            self.open(&mut draft.entries[known]);
            let entry = &mut draft.entries[known];
            if !matches!(entry.value, Value::Set(..)) {
                if !matches!(entry.value, Value::Broken) {
                    let path = dotted(&self.open.names[outer..]);
                    self.duplicate(path, entry.span, (path_start, path_end));
                    entry.value = Value::Broken;
                }
                return;
            }
            let Value::Set(inner, _) = &mut draft.entries[known].value else { return };
            draft = inner;
        }
        let at = last.span();
        let Some(name) = self.static_key(last) else {
            draft.dynamic.push((last, Value::Node(value), at));
            return;
        };
        self.open.names.push(name);
        let added = Entry { name, span: at, value: Value::Node(value) };
        self.merge(draft, added, outer);
    }

    /// Adds an entry, whose path is that behind the `outer` names, merging two set literals.
    fn merge(&mut self, draft: &mut Draft<'t>, mut added: Entry<'t>, outer: usize) {
        let Some(known) = draft.find(added.name) else {
            draft.push(added);
            return;
        };
        self.open(&mut draft.entries[known]);
        self.open(&mut added);
        let entry = &mut draft.entries[known];
        match (&mut entry.value, added.value) {
            (Value::Set(into, _), Value::Set(from, _)) => {
                self.ast.repeated.push((entry.span, added.span));
                // The moved values keep their positions among the sources they inherit from.
                let offset = into.inherit_from.len();
                into.inherit_from.extend(from.inherit_from);
                into.dynamic.extend(from.dynamic);
                for mut inner in from.entries {
                    if let Value::InheritedFrom(at) = &mut inner.value {
                        *at += offset;
                    }
                    self.open.names.push(inner.name);
                    self.merge(into, inner, outer);
                    self.open.names.pop();
                }
            }
            (Value::Broken, _) => {}
            _ => {
                let path = dotted(&self.open.names[outer..]);
                self.duplicate(path, entry.span, added.span);
                entry.value = Value::Broken;
            }
        }
    }

    /// Turns an entry whose value is a set literal, in parentheses or not, into a draft that more can
    /// be merged into.
    fn open(&mut self, entry: &mut Entry<'t>) {
        let Value::Node(node) = &entry.value else { return };
        let mut node = *node;
        while node.kind() == NODE_PAREN {
            let Some(inner) = node.children().next() else { return };
            node = inner;
        }
        if node.kind() == NODE_ATTR_SET {
            let mut draft = self.draft(self.is_recursive(node));
            self.collect(node, &mut draft);
            entry.value = Value::Set(Box::new(draft), node.span());
        }
    }

    fn duplicate(&mut self, path: String, first: (u32, u32), second: (u32, u32)) {
        let file = self.file;
        self.ast.duplicates.push(DuplicateAttribute {
            path,
            first: Span::new(file, first.0, first.1),
            second: Span::new(file, second.0, second.1),
        });
    }

    fn finish(&mut self, draft: Draft<'t>) -> u32 {
        self.finish_with(draft, |_| ()).0
    }

    /// Lowers the values of a set in its scope, and what `then` lowers there too.
    fn finish_with<R>(
        &mut self,
        mut draft: Draft<'t>,
        then: impl FnOnce(&mut Self) -> R,
    ) -> (u32, R) {
        draft.entries.sort_unstable_by_key(|entry| entry.name.key());
        let mut entries = std::mem::take(&mut draft.entries);
        // `inherit name` means the name outside of the set.
        for entry in &mut entries {
            if matches!(entry.value, Value::Inherited) {
                let expr = self.variable(entry.name, entry.span);
                entry.value = Value::Lowered(self.push(expr, entry.span));
            }
        }
        let has_scope = draft.recursive || !draft.inherit_from.is_empty();
        if has_scope {
            self.scopes.push(if draft.recursive {
                Frame::Sorted(entries.iter().map(|entry| entry.name).collect())
            } else {
                Frame::Hidden
            });
        }
        let slots = if draft.recursive { entries.len() as u32 } else { 0 };
        let inherit_from: Vec<ExprId> =
            draft.inherit_from.iter().map(|from| self.expr(*from)).collect();
        let from = self.open.attributes.len();
        for Entry { name, span, value } in entries.drain(..) {
            let inherited = matches!(value, Value::Lowered(_));
            let value = match value {
                Value::InheritedFrom(from) => {
                    let slot = slots + from as u32;
                    let base = self.push(Expr::Local { depth: 0, slot }, span);
                    let key = Key { name: KeyName::Static(name), span };
                    let path = extend(&mut self.ast.keys, [key]);
                    self.push(Expr::Select { base, path }, span)
                }
                value => self.value(value, span),
            };
            self.open.attributes.push(Attribute { name, value, span, inherited });
        }
        self.finished.push(entries);
        let mut dynamic = Vec::with_capacity(draft.dynamic.len());
        for (segment, value, span) in draft.dynamic {
            let name = self.dynamic_key(segment);
            let value = self.value(value, span);
            dynamic.push(DynamicAttribute { name, value, span });
        }
        let result = then(self);
        if has_scope {
            self.scopes.pop();
        }
        let index = self.ast.sets.len() as u32;
        let set = SetLiteral {
            recursive: draft.recursive,
            attributes: extend(&mut self.ast.attributes, self.open.attributes.drain(from..)),
            inherit_from: extend(&mut self.ast.ids, inherit_from),
            dynamic: extend(&mut self.ast.dynamic, dynamic),
        };
        self.ast.sets.push(set);
        (index, result)
    }

    fn value(&mut self, value: Value<'t>, around: (u32, u32)) -> ExprId {
        match value {
            Value::Node(node) => self.expr(node),
            Value::Set(draft, at) => {
                let set = self.finish(*draft);
                self.push(Expr::Set(set), at)
            }
            Value::Lowered(value) => value,
            Value::Inherited | Value::InheritedFrom(_) | Value::Broken => {
                self.push(Expr::Broken, around)
            }
        }
    }
}

fn dotted(names: &[Symbol]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(".")
}

fn is_binding(node: Node<'_>) -> bool {
    matches!(node.kind(), NODE_ATTRPATH_VALUE | NODE_INHERIT)
}
