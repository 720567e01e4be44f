//! Options that the repository defines but does not declare, such as those of NixOS itself.
//!
//! A scalar definition is the value; lists and sets have at least the members that are defined.

use nixpact_eval::{Eval, Evaluator, Reason, Stop, Unknown, Value};

use crate::flake_parts;
use crate::node::Node;
use crate::property::{Definition, discharge, may_count};

/// The value of a place without declaration, from its definitions.
pub(crate) fn value<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> Eval<'a> {
    let path = ev.arena.alloc_str(&node.path.to_string());
    let foreign = || ev.unknown_ref(Reason::ForeignOption(path), None);
    let mut definitions = Vec::new();
    for raw in node.definitions {
        discharge(ev, raw, &mut definitions);
    }
    // A module argument is passed as it is.
    if let ([only], true) = (&definitions[..], path.starts_with("_module.args.")) {
        return ev.force(only.value);
    }
    if node.universe.is_flake()
        && let Some(output) = flake_parts::output(ev, node, &definitions)
    {
        return output;
    }
    let is_set =
        |definition: &Definition<'a>| matches!(ev.force(definition.value), Ok(Value::Attrs(_)));
    let children = node.try_children(ev)?;
    if definitions.iter().any(is_set) || definitions.is_empty() && !children.is_empty() {
        // A member that is only defined under conditions that do not hold is not there.
        let there = |child: &Node<'a>| child.definitions.iter().any(|raw| may_count(ev, raw));
        let entries = children
            .iter()
            .filter(|(_, child)| child.is_declared() || there(child))
            .map(|(name, child)| child.attr(ev, *name));
        return Ok(Value::Attrs(ev.open_attrs(entries.collect(), Some(foreign()))));
    }
    let Some(priority) = definitions.iter().map(|definition| definition.priority).min() else {
        return Err(Stop::Unknown(foreign()));
    };
    definitions.retain(|definition| definition.priority == priority);
    definitions.sort_by_key(|definition| definition.order);
    let lists = definitions.iter().filter(|d| matches!(ev.force(d.value), Ok(Value::List(_))));
    if lists.count() > 0 {
        return list(ev, &definitions, foreign());
    }
    match &definitions[..] {
        [only] => match (only.condition, node.opaque(ev)) {
            (None, None) => {
                node.value(ev).set_origin(only.value);
                ev.force(only.value)
            }
            (Some(unknown), _) | (None, Some(unknown)) => Err(Stop::Unknown(unknown)),
        },
        // Lines concatenate, other scalars conflict: the type would have to be known.
        _ => Err(Stop::Unknown(foreign())),
    }
}

fn list<'a>(
    ev: &Evaluator<'a>,
    definitions: &[Definition<'a>],
    foreign: &'a Unknown<'a>,
) -> Eval<'a> {
    let mut items = Vec::new();
    for definition in definitions {
        if definition.condition.is_none()
            && let Ok(Value::List(list)) = ev.force(definition.value)
        {
            items.extend_from_slice(list.items);
        }
    }
    Ok(ev.open_list(&items, Some(foreign)))
}

/// Whether NixOS declares options below a top-level name.
pub(crate) fn is_nixos_namespace(name: &str) -> bool {
    matches!(
        name,
        "age"
            | "assertions"
            | "boot"
            | "console"
            | "containers"
            | "disko"
            | "documentation"
            | "environment"
            | "fileSystems"
            | "fonts"
            | "gtk"
            | "hardware"
            | "home"
            | "home-manager"
            | "i18n"
            | "ids"
            | "image"
            | "lib"
            | "location"
            | "meta"
            | "microvm"
            | "networking"
            | "nix"
            | "nixpkgs"
            | "oci"
            | "power"
            | "powerManagement"
            | "programs"
            | "qt"
            | "security"
            | "services"
            | "snapraid"
            | "sops"
            | "specialisation"
            | "stylix"
            | "swapDevices"
            | "system"
            | "systemd"
            | "time"
            | "users"
            | "virtualisation"
            | "warnings"
            | "wayland"
            | "xdg"
            | "zramSwap"
            | "_module"
    )
}
