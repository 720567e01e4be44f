//! What all members of an `attrsOf (submodule …)` have in common.
//!
//! The modules of a submodule are evaluated for each member, as their options may depend on its name
//! or configuration. Most do not: those are evaluated once, here, and shared.

use std::cell::Cell;

use nixpact_eval::{Evaluator, Stop, Thunk, Value};
use nixpact_syntax::Symbol;

use crate::node::Node;
use crate::path::Path;
use crate::property::push_down;
use crate::types::{Submodule, Type, TypeRef};
use crate::universe::Universe;

/// The options of a submodule, sorted by name.
pub(crate) struct Template<'a> {
    pub options: &'a [TemplateOption<'a>],
}

#[derive(Clone, Copy)]
pub(crate) struct TemplateOption<'a> {
    pub name: Symbol,
    /// The option in a member without definitions.
    pub node: &'a Node<'a>,
    /// Its declaration and its default are the same in every member.
    pub is_shared: bool,
    /// So is its value, where a member does not define it; an error would name the member.
    pub has_value: bool,
}

/// Fewer members are not worth a template.
pub(crate) const MIN_MEMBERS: usize = 16;

impl<'a> Template<'a> {
    /// The template of a submodule, unless its modules configure it themselves or its options are
    /// nested: then members have more in common than can be told so simply.
    pub fn of(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        submodule: Submodule<'a>,
    ) -> Option<&'a Template<'a>> {
        Template::nested(ev, path, submodule, 0)
    }

    /// The template, if one was made for the submodule or for what it is a part of.
    pub fn known(ev: &Evaluator<'a>, submodule: Submodule<'a>) -> Option<&'a Template<'a>> {
        ev.recall(&submodule.shared.template).copied().flatten()
    }

    fn nested(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        submodule: Submodule<'a>,
        nesting: usize,
    ) -> Option<&'a Template<'a>> {
        if let Some(known) = ev.recall(&submodule.shared.template) {
            return *known;
        }
        let template =
            ev.remember(&submodule.shared.template, || build(ev, path, submodule, nesting));
        let _ = submodule.shared.template.set(template);
        template
    }

    /// All members declare the same options, whatever is around them.
    fn is_complete(&self) -> bool {
        self.options.iter().all(|option| option.is_shared)
    }
}

/// Submodules inside of each other share no more than these levels; a type may contain itself.
const MAX_NESTING: usize = 2;

fn build<'a>(
    ev: &Evaluator<'a>,
    path: &'a Path<'a>,
    submodule: Submodule<'a>,
    nesting: usize,
) -> Option<&'a Template<'a>> {
    if submodule.rest.is_some() {
        return None;
    }
    let probe = Universe::bare(ev, path, submodule);
    let collected = probe.collected(ev);
    let plain = collected.unresolved.is_empty()
        && collected.modules.iter().all(|module| {
            module.freeform_type.is_none()
                && module.config.iter().all(|config| {
                    let empty = Cell::new(true);
                    push_down(
                        ev,
                        *config,
                        &mut |attrs, _| {
                            empty.set(empty.get() && attrs.is_empty() && attrs.rest.is_none());
                        },
                        &mut |_| empty.set(false),
                    );
                    empty.get()
                })
        });
    // Which options there are may depend on nothing of the member.
    let children = probe.root(ev).children(ev);
    if !plain || children.is_empty() || probe.was_asked() || probe.root(ev).undeclared(ev).is_some()
    {
        return None;
    }
    let mut options = Vec::with_capacity(children.len());
    for (name, _) in children {
        // A value that is remembered is asked for once: each option gets a member of its own.
        let probe = Universe::bare(ev, path, submodule);
        let node = probe.root(ev).child(ev, *name)?;
        let option = node.option(ev)?;
        if node.declarations.len() != 1 {
            return None;
        }
        let is_shared = is_shared_type(ev, node.path, option.slot.ty.get(ev), (nesting, 0))
            && !node.has_apply(ev)
            && option.default.is_none_or(|_| is_data(ev, option.slot.value(ev), 0))
            && !probe.was_asked();
        let has_value = is_shared && ev.force(option.slot.value(ev)).is_ok();
        options.push(TemplateOption { name: *name, node, is_shared, has_value });
    }
    Some(ev.arena.alloc(Template { options: ev.arena.alloc_slice_copy(&options) }))
}

/// Looks at all of a type: what is not looked at now may ask for the member at any later time.
///
/// `nesting` counts submodules, `depth` the parts of a type.
fn is_shared_type<'a>(
    ev: &Evaluator<'a>,
    path: &'a Path<'a>,
    ty: &Type<'a>,
    (nesting, depth): (usize, usize),
) -> bool {
    let inner = |ty: &&'a TypeRef<'a>| {
        // A type may refer to itself.
        depth < MAX_DEPTH && is_shared_type(ev, path, ty.get(ev), (nesting, depth + 1))
    };
    match ty {
        // Functions.
        Type::AttrTag(_)
        | Type::Checked { .. }
        | Type::CoercedTo { .. }
        | Type::Custom(_)
        | Type::DeferredModule(Some(_))
        | Type::Described { .. }
        | Type::FunctionTo(_)
        | Type::Merged { .. }
        | Type::Unknown(_) => false,
        Type::Submodule(submodule) => {
            nesting < MAX_NESTING
                && submodule.special_args.is_none()
                && Template::nested(ev, path, *submodule, nesting + 1)
                    .is_some_and(Template::is_complete)
        }
        Type::AttrsOf { element, .. }
        | Type::ListOf { element, .. }
        | Type::NullOr(element)
        | Type::Unique(element) => inner(element),
        Type::Either(left, right) => inner(left) && inner(right),
        Type::Enum(members) => is_data(ev, members, 0),
        _ => true,
    }
}

/// Deeper values are not looked at.
const MAX_DEPTH: usize = 8;

/// Forces all of a value; a function in it may ask for the member at any later time.
fn is_data<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match ev.force(thunk) {
        Ok(Value::List(list)) => list.items.iter().all(|item| is_data(ev, item, depth + 1)),
        Ok(Value::Attrs(attrs)) => {
            attrs.unordered().iter().all(|attr| is_data(ev, attr.value, depth + 1))
        }
        Ok(value) => !value.is_function(),
        // An error may name the member.
        Err(stop) => matches!(stop, Stop::Unknown(_)),
    }
}
