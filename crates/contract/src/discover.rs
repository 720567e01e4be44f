//! Finding the contract among the options that the repository declares.

use nixpact_eval::Evaluator;
use nixpact_modules::{Node, OptionDecl, Slot, Type, Universe};
use nixpact_syntax::Symbol;

use crate::deprecated;
use crate::details;
use crate::model::{Contract, FieldDecl};
use crate::roles::Roles;
use crate::settings::Settings;

/// A contract in one universe: its option and the place that holds its members.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub option: &'a OptionDecl<'a>,
    pub slot: &'a Slot<'a>,
}

/// Options nested deeper are not searched.
const MAX_DEPTH: usize = 8;

/// All contracts of a universe, in the order of their paths.
pub(crate) fn contracts<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    settings: &Settings,
) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    if let Some(path) = &settings.option {
        for path in std::iter::once(path).chain(&settings.legacy) {
            found.extend(at_path(ev, universe, path));
        }
        return found;
    }
    search(ev, universe.root(ev), settings, &mut found, 0);
    found
}

/// The contracts of a universe among those that are known already.
pub(crate) fn known<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    contracts: &[Contract],
) -> Vec<Found<'a>> {
    let path = |contract: &Contract| -> Vec<String> {
        contract.option.split('.').map(str::to_owned).collect()
    };
    contracts.iter().filter_map(|contract| at_path(ev, universe, &path(contract))).collect()
}

/// The option at a configured path, which may lead through submodules.
fn at_path<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    path: &[String],
) -> Option<Found<'a>> {
    let mut node = universe.root(ev);
    for (at, segment) in path.iter().enumerate() {
        if let Some(option) = node.option(ev) {
            let inner = option.slot.universe(ev)?;
            return at_path(ev, inner, &path[at..]);
        }
        node = node.child(ev, Symbol::new(segment))?;
    }
    let option = node.option(ev)?;
    matches!(option.slot.ty.get(ev).unchecked(), Type::AttrsOf { .. })
        .then_some(Found { option, slot: option.slot })
}

fn search<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    settings: &Settings,
    found: &mut Vec<Found<'a>>,
    depth: usize,
) {
    if depth > MAX_DEPTH || !node.is_declared() {
        return;
    }
    let Some(option) = node.option(ev) else {
        for (_, child) in node.children(ev) {
            search(ev, child, settings, found, depth + 1);
        }
        return;
    };
    match option.slot.ty.get(ev).unchecked() {
        Type::AttrsOf { element, .. } if element.get(ev).submodule(ev).is_some() => {
            let candidate = Found { option, slot: option.slot };
            let is_contract = members(ev, candidate).is_some_and(|member| {
                let names: Vec<String> = field_names(ev, member);
                let fields = names.iter().map(String::as_str);
                Roles::assign(fields, &settings.roles).make_a_contract(&names)
            });
            if is_contract {
                found.push(candidate);
            }
        }
        Type::Submodule(_) => {
            if let Some(inner) = option.slot.universe(ev) {
                search(ev, inner.root(ev), settings, found, depth + 1);
            }
        }
        _ => {}
    }
}

/// The options of a member without definitions.
fn members<'a>(ev: &Evaluator<'a>, found: Found<'a>) -> Option<&'a Universe<'a>> {
    let Type::AttrsOf { element, .. } = found.slot.ty.get(ev).unchecked() else { return None };
    let submodule = element.get(ev).submodule(ev)?;
    Some(Universe::bare(ev, found.slot.path, submodule))
}

fn field_names<'a>(ev: &Evaluator<'a>, member: &'a Universe<'a>) -> Vec<String> {
    member
        .root(ev)
        .children(ev)
        .iter()
        .filter(|(name, child)| child.is_declared() && name.as_str() != "_module")
        .map(|(name, _)| name.to_string())
        .collect()
}

/// The contract as data.
pub(crate) fn describe<'a>(
    ev: &Evaluator<'a>,
    found: Found<'a>,
    settings: &Settings,
) -> Option<Contract> {
    let member = members(ev, found)?;
    let mut fields: Vec<FieldDecl> = member
        .root(ev)
        .children(ev)
        .iter()
        .filter(|(name, child)| child.is_declared() && name.as_str() != "_module")
        .map(|(name, child)| field(ev, name.as_str(), child))
        .collect();
    if settings.details {
        details::add(ev, member, &mut fields);
    }
    let roles = Roles::assign(fields.iter().map(|field| field.name.as_str()), &settings.roles);
    let option = found.slot.path.to_string();
    Some(Contract {
        is_legacy: settings.legacy.as_ref().is_some_and(|legacy| legacy.join(".") == option),
        deprecated: deprecated::fields(&fields, settings),
        option,
        span: found.option.spans.first().copied(),
        roles,
        fields,
        open: !member.is_closed(ev),
    })
}

pub(crate) fn field<'a>(ev: &Evaluator<'a>, name: &str, node: &'a Node<'a>) -> FieldDecl {
    let Some(option) = node.option(ev) else {
        // A set of fields: what is inside of it is looked at service by service.
        return FieldDecl {
            name: name.to_owned(),
            ty: "set of options".to_owned(),
            example: "{ }".to_owned(),
            members: Vec::new(),
            description: None,
            required: false,
            internal: false,
            span: None,
            default: None,
            fields: Vec::new(),
        };
    };
    let ty = option.slot.ty.get(ev);
    let text = |thunk| ev.force_str(thunk).ok().map(str::to_owned);
    FieldDecl {
        name: name.to_owned(),
        ty: ty.describe(ev),
        example: example(ev, option, ty),
        members: ty.members(ev),
        description: option.description.and_then(text),
        required: option.default.is_none(),
        internal: option.internal || option.hidden,
        span: option.spans.first().copied(),
        default: None,
        fields: Vec::new(),
    }
}

/// The declared example where it is a plain value, else one made from the type.
pub(crate) fn example<'a>(ev: &Evaluator<'a>, option: &'a OptionDecl<'a>, ty: &Type<'a>) -> String {
    let declared = option.example.and_then(|example| {
        let text = nixpact_eval::print(ev, example).ok()?;
        let plain = !text.contains("«") && !text.contains("_type = ") && text.len() <= 60;
        plain.then_some(text)
    });
    declared.unwrap_or_else(|| of_type(ev, ty))
}

fn of_type<'a>(ev: &Evaluator<'a>, ty: &Type<'a>) -> String {
    match ty.unchecked() {
        Type::Bool | Type::BoolByOr => "true".to_owned(),
        Type::Int | Type::Number => "1".to_owned(),
        Type::IntBetween { high: Some(65_535), .. } => "8080".to_owned(),
        Type::IntBetween { low, .. } => low.unwrap_or(1).max(1).to_string(),
        Type::Float => "1.0".to_owned(),
        Type::Path { .. } => "\"/var/lib/…\"".to_owned(),
        Type::ListOf { element, .. } => match element.get(ev).unchecked() {
            Type::Submodule(_) => "[ { … } ]".to_owned(),
            inner => format!("[ {} ]", of_type(ev, inner)),
        },
        Type::Attrs | Type::AttrsOf { .. } | Type::Submodule(_) => "{ … }".to_owned(),
        Type::Enum(_) => ty.members(ev).first().cloned().unwrap_or_else(|| "…".to_owned()),
        Type::NullOr(inner) | Type::Unique(inner) => of_type(ev, inner.get(ev)),
        Type::Either(left, _) => of_type(ev, left.get(ev)),
        Type::CoercedTo { to, .. } => of_type(ev, to.get(ev)),
        Type::Package => "pkgs.…".to_owned(),
        _ => "\"…\"".to_owned(),
    }
}
