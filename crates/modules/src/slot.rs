//! A type with definitions for it: an option, or a member of a set or list of options.

use std::cell::{Cell, OnceCell};

use nixpact_eval::{Attr, Attrs, Compute, Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::discharge::{discharge, ordered};
use crate::merge;
use crate::opaque::{self, Opaque, Opaques};
use crate::path::Path;
use crate::property::{self, Definition, RawDefinition};
use crate::template::{self, Template};
use crate::types::{Type, TypeRef};
use crate::universe::Universe;

pub struct Slot<'a> {
    pub path: &'a Path<'a>,
    pub ty: &'a TypeRef<'a>,
    pub(crate) raw: &'a [RawDefinition<'a>],
    /// The option's own default.
    default: Option<&'a Thunk<'a>>,
    /// Why there may be definitions that are not known.
    pub(crate) opaque: Opaques<'a>,
    value: OnceCell<&'a Thunk<'a>>,
    state: OnceCell<&'a SlotState<'a>>,
    elements: OnceCell<&'a Elements<'a>>,
    pub(crate) universe: OnceCell<&'a Universe<'a>>,
    /// It has so many siblings that what they have in common is worth sharing.
    is_one_of_many: Cell<bool>,
    /// Without definitions it is not there at all.
    is_member: Cell<bool>,
    /// Another type took the definitions already.
    pub(crate) is_checked: Cell<bool>,
    /// There may be no default.
    pub(crate) doubts_default: Cell<bool>,
}

/// The definitions of a slot, and which of them count.
pub struct SlotState<'a> {
    /// All whose condition holds or is unknown, the option's default included.
    pub all: &'a [Definition<'a>],
    /// Those of the highest priority, in the order in which they are merged.
    pub active: &'a [Definition<'a>],
    /// Why other definitions may count beside or instead of the active ones.
    pub undecided: Option<&'a Unknown<'a>>,
    /// Only the option's own default counts.
    pub is_default: bool,
    /// The error that Nix reports while it looks for the definitions that count.
    pub(crate) failure: Option<Stop<'a>>,
}

/// The members of an `attrsOf`.
pub struct Elements<'a> {
    /// Sorted by name. A member without active definitions may or may not be there.
    pub entries: &'a [(Symbol, &'a Slot<'a>)],
    pub rest: Option<&'a Unknown<'a>>,
}

impl<'a> Slot<'a> {
    pub(crate) fn new(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        ty: &'a TypeRef<'a>,
        raw: &'a [RawDefinition<'a>],
        default: Option<&'a Thunk<'a>>,
        opaque: Opaques<'a>,
    ) -> &'a Slot<'a> {
        ev.arena.alloc(Slot {
            path,
            ty,
            raw,
            default,
            opaque,
            value: OnceCell::new(),
            state: OnceCell::new(),
            elements: OnceCell::new(),
            universe: OnceCell::new(),
            is_one_of_many: Cell::new(false),
            is_member: Cell::new(false),
            is_checked: Cell::new(false),
            doubts_default: Cell::new(false),
        })
    }

    /// The merged value.
    pub fn value(&'a self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        self.value.get_or_init(|| ev.computed(self))
    }

    /// A member of a list that one definition gives.
    pub fn member(
        ev: &Evaluator<'a>,
        path: &'a Path<'a>,
        ty: &'a TypeRef<'a>,
        item: &'a Thunk<'a>,
        definition: &Definition<'a>,
    ) -> &'a Slot<'a> {
        let raw =
            RawDefinition { span: definition.span, ..RawDefinition::new(item, definition.file) };
        let slot = Slot::new(ev, path, ty, ev.arena.alloc_slice_copy(&[raw]), None, None);
        slot.is_member.set(true);
        slot
    }

    /// What the members of a list declare, where one of them is a submodule and declares what is no option.
    pub fn invalid_members(&self, ev: &Evaluator<'a>) -> Option<&'a Universe<'a>> {
        let Type::ListOf { element, .. } = self.ty.get(ev).unchecked() else { return None };
        let submodule = element.get(ev).submodule(ev)?;
        let invalid = match ev.recall(&submodule.shared.invalid) {
            Some(known) => (*known)?,
            None => {
                let invalid = ev.remember(&submodule.shared.invalid, || {
                    let member = Universe::bare(ev, self.path, submodule);
                    member.root(ev).has_invalid(ev).then_some(member)
                });
                let _ = submodule.shared.invalid.set(invalid);
                invalid?
            }
        };
        let is_set = |item: &&'a Thunk<'a>| matches!(ev.force(item), Ok(Value::Attrs(_)));
        let mut lists = self.state(ev).active.iter().filter_map(|it| ev.force_list(it.value).ok());
        lists.any(|list| list.items.iter().any(is_set)).then_some(invalid)
    }

    /// Whether any module writes a definition, true or not.
    pub fn is_written(&self) -> bool {
        !self.raw.is_empty()
    }

    /// Where its name is written.
    pub fn definition_spans(&self) -> impl Iterator<Item = nixpact_source::Span> + use<'a> {
        self.raw.iter().filter_map(|raw| raw.span)
    }

    /// The definitions and which of them count (`mergeDefinitions`). Conditions are evaluated for it.
    pub fn state(&self, ev: &Evaluator<'a>) -> &'a SlotState<'a> {
        if let Some(known) = ev.recall(&self.state) {
            return known;
        }
        let state = ev.arena.alloc(ev.remember(&self.state, || self.compute_state(ev)));
        let _ = self.state.set(state);
        // An evaluation inside of this one may have come first.
        self.state.get().copied().unwrap_or(state)
    }

    fn compute_state(&self, ev: &Evaluator<'a>) -> SlotState<'a> {
        let mut all = Vec::with_capacity(self.raw.len() + 1);
        let mut failure = None;
        // The default comes first, for those who define with its priority.
        all.extend(self.default.map(Definition::default));
        if let ([default], true) = (&mut all[..], self.doubts_default.get())
            && let Err(Stop::Unknown(unknown)) = ev.force(default.value)
        {
            default.condition = Some(unknown);
        }
        let own = all.len();
        for raw in self.raw {
            if let Err(error) = discharge(ev, raw, &mut all) {
                failure = failure.or(Some(error));
            }
        }
        if let [default, others @ ..] = &mut all[..]
            && own > 0
            && lowest_priority(others).is_none_or(|lowest| default.priority <= lowest)
        {
            *default = ordered(ev, *default);
        }
        if self.opaque.is_some() {
            for definition in all.iter_mut().filter(|definition| definition.condition.is_none()) {
                definition.condition = opaque::overriding(ev, self.opaque, definition.priority);
            }
        }
        let priority = lowest_priority(&all);
        let all: &[Definition<'_>] = ev.arena.alloc_slice_copy(&all);
        let active = active(ev, all, priority);
        let undecided = all
            .iter()
            .filter(|definition| priority.is_none_or(|priority| definition.priority <= priority))
            .find_map(|definition| definition.condition)
            .or_else(|| opaque::reason(ev, self.opaque));
        let is_default = !active.is_empty()
            && undecided.is_none()
            && !all[own..].iter().any(|d| d.condition.is_none() && Some(d.priority) == priority);
        SlotState { all, active, undecided, is_default, failure }
    }

    /// The members, when the type is `attrsOf`.
    pub fn elements(&self, ev: &Evaluator<'a>) -> Option<&'a Elements<'a>> {
        if let Some(known) = ev.recall(&self.elements) {
            return Some(known);
        }
        ev.remember(&self.elements, || self.compute_elements(ev))
    }

    fn compute_elements(&self, ev: &Evaluator<'a>) -> Option<&'a Elements<'a>> {
        let Type::AttrsOf { element, lazy, .. } = self.ty.get(ev).unchecked() else { return None };
        let state = self.state(ev);
        let mut rest = state.undecided;
        let mut members: Vec<(Symbol, Vec<RawDefinition<'a>>)> = Vec::new();
        let mut index = rustc_hash::FxHashMap::default();
        // Sets that may have more members than are known.
        let mut open: Vec<(Opaque<'a>, Option<&'a Attrs<'a>>)> = Vec::new();
        let doubt =
            |definition: &Definition<'a>| RawDefinition::new(definition.value, definition.file);
        let mut add = |definition: &Definition<'a>| match ev.force(definition.value) {
            Ok(Value::Attrs(attrs)) => {
                for attr in attrs.unordered() {
                    let raw = RawDefinition::of(definition, attr);
                    let at = *index.entry(attr.name).or_insert_with(|| {
                        members.push((attr.name, Vec::new()));
                        members.len() - 1
                    });
                    members[at].1.push(raw);
                }
                let more = Opaque::beside(attrs, &doubt(definition));
                open.extend(more.map(|more| (more, Some(attrs))));
            }
            Err(Stop::Unknown(unknown)) => {
                open.push((Opaque::within(unknown, &doubt(definition)), None));
            }
            Ok(_) | Err(Stop::Error(_)) => {}
        };
        state.active.iter().for_each(&mut add);
        for definition in self.undecided_definitions(state) {
            // They may add to each member.
            add(definition);
            rest = rest.or(definition.condition);
        }
        rest = rest.or(open.first().map(|(opaque, _)| opaque.unknown));
        members.sort_unstable_by_key(|(name, _)| name.as_str());
        let entries: Vec<_> = members
            .iter()
            .map(|(name, raw)| {
                let path = self.path.child(ev, *name);
                let raw = ev.arena.alloc_slice_copy(raw);
                // A set that has the member has no more of it.
                let lacks =
                    |attrs: &Option<&Attrs<'a>>| attrs.is_none_or(|a| a.get(*name).is_none());
                let opaque = open
                    .iter()
                    .filter(|(_, attrs)| lacks(attrs))
                    .fold(self.opaque, |list, (opaque, _)| opaque.push(ev, list));
                let opaque = opaque::below(ev, opaque, *name);
                let slot = Slot::new(ev, path, element, raw, None, opaque);
                slot.is_one_of_many.set(members.len() >= template::MIN_MEMBERS);
                slot.is_member.set(!lazy);
                (*name, slot)
            })
            .collect();
        let elements =
            ev.arena.alloc(Elements { entries: ev.arena.alloc_slice_copy(&entries), rest });
        let _ = self.elements.set(elements);
        self.elements.get().copied()
    }

    fn undecided_definitions(
        &self,
        state: &'a SlotState<'a>,
    ) -> impl Iterator<Item = &'a Definition<'a>> + use<'a> {
        let priority = state.active.first().map(|definition| definition.priority);
        state.all.iter().filter(move |definition| {
            definition.condition.is_some()
                && priority.is_none_or(|priority| definition.priority <= priority)
        })
    }

    /// The submodule's own options and definitions, when the type is a submodule (or null or one, or
    /// one among others, where the definitions are sets).
    pub fn universe(&self, ev: &Evaluator<'a>) -> Option<&'a Universe<'a>> {
        if let Some(known) = ev.recall(&self.universe) {
            return Some(known);
        }
        ev.remember(&self.universe, || self.compute_universe(ev))
    }

    fn compute_universe(&self, ev: &Evaluator<'a>) -> Option<&'a Universe<'a>> {
        let submodule = self.ty.get(ev).submodule(ev)?;
        let state = self.state(ev);
        // Where only a submodule is taken, of two possible values the set is meant.
        let is_only = matches!(self.ty.get(ev).unchecked(), Type::Submodule(_));
        let is_set = |definition: &Definition<'a>| match is_only {
            true => !is_plain(ev.force(definition.value)),
            false => may_be_set(ev, definition.value, 0),
        };
        // An error in a branch that may not be taken is none of the option.
        let fails = |it: &&Definition<'a>| matches!(ev.force(it.value), Err(Stop::Error(_)));
        let possible = self.undecided_definitions(state).filter(|definition| !fails(definition));
        let definitions: Vec<Definition<'a>> =
            state.active.iter().chain(possible).copied().collect();
        if !definitions.iter().all(is_set) || definitions.is_empty() {
            return None;
        }
        // What a coercion makes of the definitions is not what they are.
        if !definitions.iter().all(|d| merge::is_as_written(ev, self.ty.get(ev), d)) {
            return None;
        }
        let template = match self.is_one_of_many.get() {
            true => Template::of(ev, self.path, submodule),
            false => Template::known(ev, submodule),
        };
        // Without definitions the value would be that of a submodule without a name.
        let path = match (state.active, state.undecided) {
            ([], Some(_)) if !self.is_member.get() => self.path.guessed(ev),
            _ => self.path,
        };
        let universe =
            Universe::submodule(ev, path, submodule, &definitions, self.opaque, template);
        let _ = self.universe.set(universe);
        self.universe.get().copied()
    }
}

/// Whether a value is surely no module.
fn is_plain(value: Eval<'_>) -> bool {
    matches!(
        value,
        Ok(Value::Null
            | Value::Str(_)
            | Value::Template(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::List(_)
            | Value::Bool(_))
    )
}

/// Longer chains of `if` are not followed.
const MAX_BRANCHES: usize = 8;

/// Whether each of the values that a thunk may have may be a module.
fn may_be_set<'a>(ev: &Evaluator<'a>, thunk: &'a Thunk<'a>, depth: usize) -> bool {
    match ev.force(thunk) {
        Err(Stop::Unknown(_)) if depth < MAX_BRANCHES => {
            let branches = ev.branches(thunk).into_iter().flatten();
            branches.into_iter().all(|branch| may_be_set(ev, branch, depth + 1))
        }
        value => !is_plain(value),
    }
}

/// The lowest priority of a definition that surely counts.
fn lowest_priority(definitions: &[Definition<'_>]) -> Option<i64> {
    let decided = definitions.iter().filter(|definition| definition.condition.is_none());
    decided.map(|definition| definition.priority).min()
}

/// Those of a priority that surely count, in their order.
fn active<'a>(
    ev: &Evaluator<'a>,
    all: &'a [Definition<'a>],
    priority: Option<i64>,
) -> &'a [Definition<'a>] {
    let counts = |d: &Definition<'a>| d.condition.is_none() && Some(d.priority) == priority;
    let (Some(first), Some(last)) = (all.iter().position(counts), all.iter().rposition(counts))
    else {
        return &[];
    };
    // Nearly always they stand together and in order.
    let run = &all[first..=last];
    if run.iter().all(counts) && run.is_sorted_by_key(|definition| definition.order) {
        return run;
    }
    let mut active: Vec<Definition<'a>> = run.iter().filter(|d| counts(d)).copied().collect();
    active.sort_by_key(|definition| definition.order);
    ev.arena.alloc_slice_copy(&active)
}

impl<'a> Compute<'a> for Slot<'a> {
    fn compute(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        merged(ev, self)
    }

    fn needs(&'a self, ev: &Evaluator<'a>) -> Vec<&'a Thunk<'a>> {
        let mut needs: Vec<&'a Thunk<'a>> =
            self.raw.iter().flat_map(|raw| property::conditions(ev, raw)).collect();
        let state = self.state(ev);
        if state.undecided.is_none() && state.failure.is_none() && self.ty.get(ev).is_strict() {
            needs.extend(state.active.iter().map(|definition| definition.value));
        }
        needs
    }

    // Its type, or what it merges, is not known.
    fn is_from_outside(&self) -> bool {
        false
    }

    fn label(&self) -> Option<String> {
        Some(self.path.to_string())
    }
}

fn merged<'a>(ev: &Evaluator<'a>, slot: &'a Slot<'a>) -> Eval<'a> {
    let state = slot.state(ev);
    if let Some(error) = state.failure {
        return Err(error);
    }
    let ty = slot.ty.get(ev);
    if let Some(unknown) = state.undecided {
        return undecided(ev, slot, state, ty, unknown);
    }
    if state.active.is_empty() {
        return match ty.empty_value(ev)? {
            Some(value) => Ok(value),
            None => ev.error(
                nixpact_eval::ErrorKind::Throw,
                format!("the option '{}' is used but not defined", slot.path),
            ),
        };
    }
    if let [only] = state.active {
        slot.value(ev).set_origin(only.value);
    }
    match slot.is_checked.get() {
        true => merge::merge_checked(ev, slot, ty, state.active),
        false => merge::merge(ev, slot, ty, state.active),
    }
}

/// What is known where definitions may be missing: members of lists and sets.
fn undecided<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    state: &'a SlotState<'a>,
    ty: &'a Type<'a>,
    unknown: &'a Unknown<'a>,
) -> Eval<'a> {
    let condition = ev.unknown_because(Reason::Condition, unknown);
    let overridden = slot.undecided_definitions(state).any(|definition| {
        state.active.first().is_some_and(|active| definition.priority < active.priority)
    });
    match ty.unchecked() {
        Type::AttrsOf { .. } if !overridden => merge::merge(ev, slot, ty, state.active),
        Type::ListOf { .. } if !overridden => match merge::merge(ev, slot, ty, state.active)? {
            Value::List(list) => Ok(ev.open_list(list.items, list.rest.or(Some(condition)))),
            other => Ok(other),
        },
        Type::Submodule(_) if !overridden => merge::merge(ev, slot, ty, state.active),
        _ => Err(Stop::Unknown(condition)),
    }
}

/// The attribute of a merged set that a slot makes.
pub(crate) fn attr<'a>(ev: &Evaluator<'a>, name: Symbol, slot: &'a Slot<'a>) -> Attr<'a> {
    Attr { name, value: slot.value(ev), span: slot.raw.first().and_then(|raw| raw.span) }
}
