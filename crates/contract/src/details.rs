//! What an editor shows of a contract besides what a check needs: defaults, and fields inside of fields.

use nixpact_eval::Evaluator;
use nixpact_modules::{Node, Type, Universe};
use nixpact_syntax::Symbol;

use crate::discover::field;
use crate::model::FieldDecl;

/// Submodules inside of each other are described to this depth: one may hold itself.
const MAX_DEPTH: usize = 4;

/// A longer default is not shown, in bytes.
const MAX_DEFAULT: usize = 200;

/// Adds the details of the fields that a submodule declares.
pub(crate) fn add<'a>(ev: &Evaluator<'a>, member: &'a Universe<'a>, fields: &mut [FieldDecl]) {
    within(ev, member.root(ev), fields, MAX_DEPTH);
}

fn within<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, fields: &mut [FieldDecl], depth: usize) {
    for decl in fields {
        let Some(child) = node.child(ev, Symbol::new(&decl.name)) else { continue };
        let Some(option) = child.option(ev) else {
            decl.fields = children(ev, child, depth);
            continue;
        };
        decl.default = option.default.and_then(|default| {
            let text = nixpact_eval::print(ev, default).ok()?;
            (!text.contains('«') && text.len() <= MAX_DEFAULT).then_some(text)
        });
        if let Some(inner) = held(ev, option.slot.ty.get(ev)) {
            let universe = Universe::bare(ev, option.slot.path, inner);
            decl.fields = children(ev, universe.root(ev), depth);
        }
    }
}

/// The options below a node.
fn children<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, depth: usize) -> Vec<FieldDecl> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let mut fields: Vec<FieldDecl> = node
        .children(ev)
        .iter()
        .filter(|(name, child)| child.is_declared() && name.as_str() != "_module")
        .map(|(name, child)| field(ev, name.as_str(), child))
        .collect();
    within(ev, node, &mut fields, depth);
    fields
}

/// The submodule that a value is, or that its members are.
fn held<'a>(ev: &Evaluator<'a>, ty: &Type<'a>) -> Option<nixpact_modules::Submodule<'a>> {
    match ty.unchecked() {
        Type::ListOf { element, .. } | Type::AttrsOf { element, .. } => {
            element.get(ev).submodule(ev)
        }
        Type::NullOr(inner) | Type::Unique(inner) => {
            let inner = inner.get(ev);
            inner.submodule(ev).or_else(|| match inner.unchecked() {
                Type::ListOf { element, .. } | Type::AttrsOf { element, .. } => {
                    element.get(ev).submodule(ev)
                }
                _ => None,
            })
        }
        _ => ty.submodule(ev),
    }
}
