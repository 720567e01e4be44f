//! The value of `options`, which depends on declarations alone: modules may ask in their very
//! structure whether an option exists.

use nixpact_eval::{Attr, Builtin, Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};
use nixpact_syntax::Symbol;

use crate::declare::only_once;
use crate::flakes::flake_parts;
use crate::library::options::show_option;
use crate::merge::with_file;
use crate::names;
use crate::node::{RawDeclaration, is_option, may_be_option, rest_of};
use crate::path::Path;
use crate::types::{Type, TypeRef, type_value};
use crate::universe::Universe;

/// An option as a string: its path, and the option itself.
static TO_STRING: Builtin =
    Builtin { name: "__toString", arity: 2, run: |ev, args| show_option(ev, &args[..1]) };

/// The `highestPrio` of an option that nobody defines.
const NO_PRIORITY: i64 = 9999;

/// The part of `options` below a path.
pub(crate) fn options_value<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
    declarations: &'a [RawDeclaration<'a>],
) -> &'a Thunk<'a> {
    ev.lazy(move |ev| {
        let mut below: Vec<(Symbol, Vec<RawDeclaration<'a>>)> = Vec::new();
        let mut open = None;
        for declaration in declarations {
            let attrs = ev.force_attrs(declaration.value)?;
            if is_option(ev, attrs) {
                if declarations.len() > 1 {
                    universe.option_at(ev, path)?.check_declarations(ev, path)?;
                }
                let declared = declared(ev, universe, declarations)?;
                return Ok(option(ev, universe, path, &declared));
            }
            if let Some(unknown) = may_be_option(ev, attrs) {
                return Err(Stop::Unknown(unknown));
            }
            open = open.or(attrs.rest);
            for attr in attrs.unordered() {
                let raw = RawDeclaration { value: attr.value, span: attr.span, ..*declaration };
                match below.iter_mut().find(|(name, _)| *name == attr.name) {
                    Some((_, known)) => known.push(raw),
                    None => below.push((attr.name, vec![raw])),
                }
            }
        }
        let entries = below.iter().map(|(name, raw)| {
            let raw = ev.arena.alloc_slice_copy(raw);
            let value = options_value(ev, universe, path.child(ev, *name), raw);
            Attr { name: *name, value, span: None }
        });
        let mut entries: Vec<_> = entries.collect();
        if universe.is_flake() && std::ptr::eq(path, universe.path) {
            flake_parts::declare_outputs(ev, &mut entries);
        }
        let own = (std::ptr::eq(path, universe.path) && universe.is_own())
            .then(|| of_system(ev, universe))
            .filter(|own| !below.iter().any(|(name, _)| *name == own.name));
        let rest = open.or_else(|| elsewhere(ev, universe, path));
        entries.extend(own);
        Ok(Value::Attrs(ev.open_attrs(entries, rest)))
    })
}

/// Why modules that are not known may declare more at a path.
fn elsewhere<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
) -> Option<&'a Unknown<'a>> {
    rest_of(ev, universe, path)
        .or(universe.special.rest.filter(|_| universe.is_own()))
        .or_else(|| universe.collected(ev).opaque.map(|opaque| opaque.unknown))
        .or_else(|| universe.foreign_module(ev))
}

/// `_module`: the options that the module system declares itself.
fn of_system<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Attr<'a> {
    let option = |name: &'static str| {
        let value = ev.lazy(move |ev| {
            let config = universe.inner_config(ev)?;
            let select = |value, name| match ev.select(value, name)? {
                Some(found) => ev.force(found),
                None => Err(ev.unknown(Reason::Recursion, None)),
            };
            select(select(config, *names::MODULE)?, Symbol::new(name))
        });
        let attrs = vec![ev.attr("_type", ev.value(Value::Str("option"))), ev.attr("value", value)];
        let rest = ev.unknown_ref(REST, None);
        ev.attr(name, ev.value(Value::Attrs(ev.open_attrs(attrs, Some(rest)))))
    };
    let options = ["args", "check", "freeformType", "specialArgs"].map(option);
    let options = ev.value(Value::Attrs(ev.attrs(options.to_vec())));
    Attr { name: *names::MODULE, value: options, span: None }
}

/// What the declarations of an option say of it.
struct Declared<'a> {
    entries: Vec<Attr<'a>>,
    /// They may say more.
    is_open: bool,
}

/// What the declarations of an option say of it: the first that says something counts (`mergeOptionDecls`).
fn declared<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    declarations: &[RawDeclaration<'a>],
) -> Eval<'a, Declared<'a>> {
    let mut entries: Vec<Attr<'a>> = Vec::new();
    let mut is_open = false;
    for declaration in declarations {
        let attrs = ev.force_attrs(declaration.value)?;
        if !is_option(ev, attrs) {
            continue;
        }
        is_open |= attrs.rest.is_some();
        for attr in attrs.unordered() {
            if !entries.iter().any(|known| known.name == attr.name) {
                entries.push(*attr);
            }
        }
    }
    // Where there are several, it is made of all of theirs.
    entries.retain(|attr| attr.name != *names::TYPE || declarations.len() == 1);
    for attr in entries.iter_mut().filter(|attr| attr.name == *names::TYPE) {
        let ty = attr.value;
        attr.value = ev.lazy(move |ev| match is_type_kept(ev, ty) {
            true => ev.force(substituted(ev, ty)),
            false => options_alone(ev, universe, ty),
        });
    }
    Ok(Declared { entries, is_open })
}

/// The type of a declaration, as its option has it: of its submodules each imports the module that is declared, and
/// says where (`fixupOptionType`, `setDefaultModuleLocation`).
fn substituted<'a>(ev: &Evaluator<'a>, ty: &'a Thunk<'a>) -> &'a Thunk<'a> {
    let placed = move |ev: &Evaluator<'a>, module: &'a Thunk<'a>| {
        let file = ev.stopped(ev.unknown(Reason::Unsupported("a module's file"), None));
        let imports = ev.value(ev.list(&[module]));
        let entries = vec![ev.attr("_file", file), ev.attr("imports", imports)];
        ev.value(Value::Attrs(ev.attrs(entries)))
    };
    ev.lazy(move |ev| {
        let set = ev.force_attrs(ty)?;
        let modules = match ev.select(Value::Attrs(set), *names::GET_SUB_MODULES) {
            Ok(Some(modules)) => ev.force(modules),
            _ => return Ok(Value::Attrs(set)),
        };
        let Ok(Value::List(list)) = modules else { return Ok(Value::Attrs(set)) };
        let modules: Vec<_> = list.items.iter().map(|module| placed(ev, module)).collect();
        let nested = ev.stopped(ev.unknown(REST, None));
        let entry = |name, value| Attr { name, value, span: None };
        let own = ev.attrs(vec![
            entry(*names::GET_SUB_MODULES, ev.value(ev.open_list(&modules, list.rest))),
            entry(*names::NESTED_TYPES, nested),
        ]);
        Ok(Value::Attrs(ev.update_attrs(set, own)))
    })
}

/// Why more is not known of an option.
const REST: Reason<'static> = Reason::Unsupported("this attribute of an option");

/// Whether the option has the very type of its declaration: one without submodules.
fn is_type_kept<'a>(ev: &Evaluator<'a>, ty: &'a Thunk<'a>) -> bool {
    TypeRef::new(ev, ty).get(ev).submodule(ev).is_none()
}

/// What several declarations make of a type.
fn merged_type<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, ty: &'a Type<'a>) -> Eval<'a> {
    let Type::Submodule(submodule) = ty.unchecked() else {
        return Err(ev.unknown(REST, None));
    };
    let modules = ev.value(ev.open_list(submodule.modules, submodule.rest));
    let nothing = || ev.value(Value::Attrs(ev.attrs(Vec::new())));
    let special = submodule.special_args.unwrap_or_else(nothing);
    let shorthand = ev.value(Value::Bool(submodule.shorthand_only));
    let payload = [modules, special, shorthand, submodule.class.value(ev)];
    options_alone(ev, universe, ev.value(type_value(ev, "submodule", &payload)))
}

/// Of a type with submodules, which has other modules than the declared one, the options that these have.
fn options_alone<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    ty: &'a Thunk<'a>,
) -> Eval<'a> {
    // It may declare more of them.
    if let Some(module) = universe.collected(ev).opaque {
        return Err(Stop::Unknown(module.unknown));
    }
    let declared = ev.force_attrs(ty)?;
    let kept = [*names::TYPE_TAG, *names::NAME, *names::GET_SUB_OPTIONS];
    let entry = |name: &Symbol| {
        let found = ev.select(Value::Attrs(declared), *name).ok().flatten()?;
        Some(Attr { name: *name, value: found, span: None })
    };
    let entries = kept.iter().filter_map(entry).collect();
    Ok(Value::Attrs(ev.open_attrs(entries, Some(ev.unknown_ref(REST, None)))))
}

fn option<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
    declared: &Declared<'a>,
) -> Value<'a> {
    let state = move |ev: &Evaluator<'a>| {
        let option = universe.option_at(ev, path)?.accepted(ev, path)?;
        let state = option.slot.state(ev);
        state.failure.map_or(Ok(state), Err)
    };
    let is_defined = ev.lazy(move |ev| {
        let state = state(ev)?;
        if let ([], Some(unknown)) = (state.active, state.undecided) {
            return Err(Stop::Unknown(unknown));
        }
        // nixpkgs looks whether one of them has an order.
        for active in state.active.iter().filter(|active| !active.is_ordered) {
            let tag = match ev.force(active.value) {
                Ok(Value::Attrs(attrs)) => {
                    attrs.get(*names::TYPE_TAG).map(|tag| ev.force(tag.value))
                }
                value => Some(value),
            };
            if let Some(Err(error @ Stop::Error(_))) = tag {
                return Err(error);
            }
        }
        Ok(Value::Bool(!state.active.is_empty()))
    });
    let priority = ev.lazy(move |ev| {
        let state = state(ev)?;
        match (state.active, state.undecided) {
            (_, Some(unknown)) => Err(Stop::Unknown(unknown)),
            ([first, ..], None) => Ok(Value::Int(first.priority)),
            ([], None) => Ok(Value::Int(NO_PRIORITY)),
        }
    });
    let value = ev.lazy(move |ev| ev.force(universe.node_at(ev, path)?.value(ev)));
    let active = move |ev: &Evaluator<'a>| {
        let state = state(ev)?;
        state.undecided.map_or(Ok(state.active), |unknown| Err(Stop::Unknown(unknown)))
    };
    let definitions = ev.lazy(move |ev| {
        let values: Vec<_> = active(ev)?.iter().map(|active| active.value).collect();
        Ok(ev.list(&values))
    });
    let located = ev.lazy(move |ev| {
        let located: Vec<_> = active(ev)?.iter().map(|active| with_file(ev, active)).collect();
        Ok(ev.list(&located))
    });
    let location = ev.lazy(move |ev| path.names(ev));
    let mut entries = declared.entries.clone();
    entries.extend([
        ev.attr("_type", ev.value(Value::Str("option"))),
        ev.attr("isDefined", is_defined),
        ev.attr("highestPrio", priority),
        ev.attr("value", value),
        ev.attr("definitions", definitions),
        ev.attr("definitionsWithLocations", located),
        ev.attr("loc", location),
        ev.attr("__toString", ev.value(ev.partial(&TO_STRING, &[location]))),
    ]);
    let rest = ev.unknown_ref(REST, None);
    if may_say_more(ev, universe, path, declared) {
        return Value::Attrs(ev.open_attrs(entries, Some(rest)));
    }
    if !entries.iter().any(|known| known.name == *names::TYPE) {
        let merged = ev.lazy(move |ev| {
            let option = universe.option_at(ev, path)?.accepted(ev, path)?;
            merged_type(ev, universe, option.slot.ty.get(ev))
        });
        entries.push(Attr { name: *names::TYPE, value: merged, span: None });
    }
    let unknown = ev.stopped(Stop::Unknown(rest));
    for name in ["options", "files", "declarations", "declarationPositions"] {
        let name = Symbol::new(name);
        if !entries.iter().any(|known| known.name == name) {
            entries.push(Attr { name, value: unknown, span: None });
        }
    }
    // nixpkgs has it since 2025.
    Value::Attrs(ev.attrs_with_names(entries, rest, &[Symbol::new("valueMeta")]))
}

/// Whether declarations of an option that are not known may say more of it.
fn may_say_more<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &'a Path<'a>,
    declared: &Declared<'a>,
) -> bool {
    let is_said = |name| declared.entries.iter().any(|known| known.name == name);
    let is_only = only_once().into_iter().any(is_said);
    declared.is_open || !is_only && elsewhere(ev, universe, path).is_some()
}
