//! What an evaluation of modules makes of its `config`, and what nixpkgs refuses before it hands that out.

use nixpact_eval::{Attr, ErrorKind, Eval, Evaluator, Reason, Stop, Thunk, Value};

use super::Universe;
use crate::declare;
use crate::freeform;
use crate::names;
use crate::opaque;
use crate::property::RawDefinition;
use crate::slot::Slot;
use crate::types::{Tag, Type, TypeRef};

/// Types that Nix may refuse to merge.
const SEVERAL_FREEFORM_TYPES: Reason<'static> =
    Reason::Unsupported("several types of what is not declared");

impl<'a> Universe<'a> {
    /// `config`
    pub fn config(&'a self, ev: &Evaluator<'a>) -> &'a Thunk<'a> {
        if let Some(known) = self.config.get() {
            return known;
        }
        let config = ev.lazy(move |ev| {
            if self.is_own() {
                self.check(ev)?;
            }
            match self.unchecked.get() {
                Some(known) => ev.force(known),
                // To find the attributes of a freeform type may ask for the very same set.
                None if self.freeform_type(ev).is_some() => self.unchecked(ev),
                None => self.unchecked_config(ev),
            }
        });
        let _ = self.config.set(config);
        config
    }

    /// `config` before anything is refused, which what is looked at for that may ask for.
    fn unchecked(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        if let Some(known) = self.unchecked.get() {
            return ev.force(known);
        }
        if let Some(Ok(known)) = self.config.get().and_then(|config| config.peek()) {
            return Ok(known);
        }
        let config = ev.lazy(move |ev| self.unchecked_config(ev));
        let _ = self.unchecked.set(config);
        ev.force(config)
    }

    /// What nixpkgs refuses before it hands out anything of `config`: definitions that belong to no option,
    /// and what it meets while it looks for them.
    pub(super) fn check(&'a self, ev: &Evaluator<'a>) -> Eval<'a, ()> {
        self.found_modules(ev)?;
        let root = self.root(ev);
        root.try_children(ev)?;
        let freeform = self.freeform_type(ev).map(|ty| ty.get(ev));
        if let Some(Type::Unknown(unknown)) = freeform
            && unknown.reason == SEVERAL_FREEFORM_TYPES
        {
            return Err(Stop::Unknown(unknown));
        }
        // A template is made of options alone.
        let misplaced = || root.misplaced_below(ev);
        let met = match self.template() {
            Some(_) => None,
            None => root.invalid_below(ev).or_else(misplaced),
        };
        let stray = || match freeform.is_none() && self.is_closed(ev) {
            true => root.stray(ev),
            false => None,
        };
        let refused = met.or_else(|| {
            let stray = stray()?;
            let message = format!("the option '{}' does not exist", stray.path);
            let stop = ev.error_stop(ErrorKind::Throw, message);
            let span = stray.definitions.iter().find_map(|definition| definition.span);
            Some(span.map_or(stop, |span| ev.at(stop, span)))
        });
        match refused {
            Some(stop) if freeform.is_some() || self.is_checked(ev)? => Err(stop),
            // Nix meets it where it looks at the options around.
            Some(_) if misplaced().is_some() => {
                ev.unsupported("what is misplaced where nothing is checked")
            }
            _ => Ok(()),
        }
    }

    /// `config._module.check`
    fn is_checked(&'a self, ev: &Evaluator<'a>) -> Eval<'a, bool> {
        let Some(node) = self.node(ev, &[*names::MODULE, *names::CHECK]) else {
            // A module that is not known may say so.
            let unknown = opaque::below(ev, self.root(ev).opaque, *names::MODULE);
            let unknown = unknown.filter(|_| self.is_own());
            return unknown.map_or(Ok(true), |opaque| Err(Stop::Unknown(opaque.unknown)));
        };
        let (ty, default) = (ev.arena.alloc(Type::Bool), ev.value(Value::Bool(true)));
        let ty = TypeRef::known(ev, ty);
        let slot = Slot::new(ev, node.path, ty, node.definitions, Some(default), node.opaque);
        ev.force_bool(slot.value(ev))
    }

    /// What Nix reports while it finds the modules. A host is looked at all the same, as NixOS' own
    /// modules may make something else of it.
    fn found_modules(&'a self, ev: &Evaluator<'a>) -> Eval<'a, ()> {
        // Those of a template are sets of options.
        match self.template().is_none() && self.is_own() {
            true => self.collected(ev).failure.map_or(Ok(()), Err),
            false => Ok(()),
        }
    }

    fn unchecked_config(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        self.found_modules(ev)?;
        let root = self.root(ev);
        let mut entries = root.entries(ev)?;
        let rest = if self.is_own() {
            // The module system's own options are no part of the value.
            entries.retain(|attr| attr.name != *names::MODULE);
            let rest = self.special.rest.or_else(|| root.opaque(ev));
            rest.or_else(|| root.undeclared(ev)).or_else(|| self.foreign_module(ev))
        } else {
            root.rest(ev)
        };
        match self.freeform_type(ev) {
            Some(ty) => freeform::value(ev, self, ty, rest),
            None => Ok(Value::Attrs(ev.open_attrs(entries, rest))),
        }
    }

    /// `config` as the modules themselves see it, with `_module`.
    pub(crate) fn inner_config(&'a self, ev: &Evaluator<'a>) -> Eval<'a> {
        // Only those outside are kept from what is refused.
        let config = match self.is_own() {
            true => self.unchecked(ev)?,
            false => ev.force(self.config(ev))?,
        };
        let Value::Attrs(attrs) = config else { return Ok(config) };
        if !self.is_own() {
            return Ok(config);
        }
        let module = ev.lazy(move |ev| Ok(self.own_module(ev)));
        let module = Attr { name: *names::MODULE, value: module, span: None };
        let entries = [attrs.unordered(), &[module]].concat();
        Ok(Value::Attrs(ev.open_attrs(entries, attrs.rest)))
    }

    /// `config._module`
    fn own_module(&'a self, ev: &Evaluator<'a>) -> Value<'a> {
        let args = ev.lazy(move |ev| {
            let own = match self.try_node(ev, &[*names::MODULE, *names::ARGS])? {
                Some(node) => ev.force_attrs(node.value(ev))?.unordered().to_vec(),
                None => Vec::new(),
            };
            let name = self.is_submodule().then(|| {
                let value = self.module_arg(ev, *names::NAME);
                Attr { name: *names::NAME, value, span: None }
            });
            let rest = ev.unknown_ref(Reason::Unsupported("_module.args"), None);
            let args = own.into_iter().chain(name).collect();
            Ok(Value::Attrs(ev.open_attrs(args, Some(rest))))
        });
        let check = ev.lazy(move |ev| self.is_checked(ev).map(Value::Bool));
        let freeform = ev.lazy(move |ev| match self.freeform_type(ev) {
            None => Ok(Value::Null),
            Some(_) => ev.unsupported("_module.freeformType"),
        });
        let entry = |name, value| Attr { name, value, span: None };
        let entries = vec![
            entry(*names::ARGS, args),
            entry(*names::CHECK, check),
            entry(*names::FREEFORM_TYPE, freeform),
        ];
        let rest = ev.unknown_ref(Reason::Unsupported("_module"), None);
        Value::Attrs(ev.open_attrs(entries, Some(rest)))
    }

    /// The type of what no option declares, if the modules set one.
    pub fn freeform_type(&'a self, ev: &Evaluator<'a>) -> Option<&'a TypeRef<'a>> {
        // The modules behind a template set none.
        let modules = match self.template {
            Some(_) => &[],
            None => self.collected(ev).modules,
        };
        // They merge in reverse of the order of the modules.
        let raw = modules.iter().rev().filter_map(|module| {
            module.freeform_type.map(|ty| RawDefinition::new(ty, module.file))
        });
        let mut raw: Vec<RawDefinition<'a>> = raw.collect();
        let node = self.node(ev, &[*names::MODULE, *names::FREEFORM_TYPE]);
        let others = node.map_or(&[][..], |node| node.definitions);
        let is_in_order = raw.is_empty() || others.is_empty();
        raw.extend_from_slice(others);
        if raw.is_empty() {
            return None;
        }
        let unknown =
            || Some(TypeRef::new(ev, ev.stopped(ev.unknown(SEVERAL_FREEFORM_TYPES, None))));
        let ty = TypeRef::known(ev, ev.arena.alloc(Type::Tagged(Tag::OptionType)));
        let raw = ev.arena.alloc_slice_copy(&raw);
        let state = Slot::new(ev, self.path, ty, raw, None, None).state(ev);
        if state.undecided.is_some() || state.failure.is_some() {
            return unknown();
        }
        let types: Vec<_> = state.active.iter().map(|it| TypeRef::new(ev, it.value)).collect();
        match types[..] {
            [] => None,
            [only] => Some(only),
            _ if is_in_order => match declare::merge_values(ev, &types) {
                merged if matches!(merged.get(ev), Type::Unknown(_)) => unknown(),
                merged => Some(merged),
            },
            _ => unknown(),
        }
    }

    /// Whether undeclared definitions are an error here, as far as the repository can tell.
    pub fn is_closed(&'a self, ev: &Evaluator<'a>) -> bool {
        self.is_own()
            && self.special.rest.is_none()
            && (self.template.is_some() || self.modules_are_closed(ev))
            && self.root(ev).undeclared(ev).is_none()
    }

    /// Whether definitions without declaration are refused (`_module.check`), as far as is known.
    pub(crate) fn checks_definitions(&'a self, ev: &Evaluator<'a>) -> bool {
        // NixOS has an option for it.
        let is_checked = match self.is_whole(ev) {
            true => self.is_checked(ev).is_ok_and(|it| it),
            false => self.node(ev, &[*names::MODULE, *names::CHECK]).is_none(),
        };
        // What Nix refuses while it finds modules comes first.
        let is_found = self.collected(ev).failure.is_none();
        is_found && is_checked && self.freeform_type(ev).is_none()
    }

    fn modules_are_closed(&'a self, ev: &Evaluator<'a>) -> bool {
        let collected = self.collected(ev);
        collected.unresolved.is_empty()
            && collected.failure.is_none()
            && self.freeform_type(ev).is_none()
    }
}
