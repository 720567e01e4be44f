//! Options that the repository defines but does not declare, such as those of NixOS itself.
//!
//! A scalar definition is the value; lists and sets have at least the members that are defined.

use nixpact_eval::{Eval, Evaluator, Reason, Stop, Thunk, Unknown, Value};

use crate::discharge::discharge;
use crate::flakes::flake_parts;
use crate::flakes::{agenix, partitions, sops_nix};
use crate::members;
use crate::node::Node;
use crate::packages;
use crate::path::Path;
use crate::property::{Definition, RawDefinition, outer_priority};
use crate::slot::Slot;

/// Why nothing is known of a place that other modules may declare.
pub(crate) fn at<'a>(ev: &Evaluator<'a>, path: &Path<'a>) -> &'a Unknown<'a> {
    let path = ev.arena.alloc_str(&path.to_string());
    ev.unknown_ref(Reason::ForeignOption(path), None)
}

/// The value of a place without declaration, from its definitions.
pub(crate) fn value<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> Eval<'a> {
    match node.universe.is_host() && packages::is_platform(&own_path(node)) {
        true => packages::elaborate(ev, ev.lib(), only(ev, node)?),
        false => defined(ev, node),
    }
}

/// The one definition of a place that counts, for a type that merges none; it is known as a whole.
pub(crate) fn only<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> Eval<'a, &'a Thunk<'a>> {
    let found = single(ev, node, node.given(ev))?;
    found.ok_or_else(|| Stop::Unknown(at(ev, node.path)))
}

/// The definition of the highest priority; none where there are several of it, or no definition at all.
fn single<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    mut definitions: Vec<Definition<'a>>,
) -> Eval<'a, Option<&'a Thunk<'a>>> {
    let priority = definitions.iter().map(|definition| definition.priority).min();
    definitions.retain(|definition| Some(definition.priority) == priority);
    let conditions = definitions.iter().find_map(|definition| definition.condition);
    match (conditions.or_else(|| node.opaque(ev)), &definitions[..]) {
        (Some(unknown), _) => Err(Stop::Unknown(unknown)),
        (None, [only]) => Ok(Some(only.value)),
        (None, _) => Ok(None),
    }
}

/// What the definitions of a place say, without what its option makes of that.
fn defined<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> Eval<'a> {
    let foreign = || at(ev, node.path);
    if node.universe.is_nixos() && members::are_options(&own_path(node)) {
        let children = node.try_children(ev)?.iter();
        let entries = children.map(|(name, child)| child.attr(ev, *name)).collect();
        return Ok(Value::Attrs(ev.open_attrs(entries, Some(foreign()))));
    }
    let mut definitions = Vec::new();
    for raw in node.definitions {
        let _ = discharge(ev, raw, &mut definitions);
    }
    if let ["_module", "args", _] = own_path(node)[..] {
        return module_argument(ev, node, definitions);
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
        // A member is there for sure when a definition surely counts, and would do so as well if this
        // were an option: then only sets of the highest priority count.
        let highest = definitions.iter().map(|definition| definition.priority).min();
        let has_members = members::are_below(&own_path(node));
        let there = |child: &Node<'a>| {
            child.definitions.iter().any(|raw| {
                let priority = outer_priority(ev, raw);
                priority.is_some() && priority == highest && (!has_members || counts(ev, raw))
            })
        };
        let entries = children
            .iter()
            .filter(|(_, child)| child.is_declared() || there(child))
            .map(|(name, child)| child.attr(ev, *name));
        let mut entries: Vec<_> = entries.collect();
        partitions::complete(ev, node, &mut entries);
        agenix::complete(ev, node, &mut entries);
        sops_nix::complete(ev, node, &mut entries);
        let rest = match flake_parts::is_of_modules(node) {
            true => node.others(ev),
            false => Some(node.because_of_own(ev, foreign())),
        };
        return Ok(Value::Attrs(ev.open_attrs(entries, rest)));
    }
    let Some(priority) = definitions.iter().map(|definition| definition.priority).min() else {
        return Err(Stop::Unknown(node.because_of_own(ev, foreign())));
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
        // No type makes another Boolean of several that are equal.
        [first, others @ ..] if node.opaque(ev).is_none() && agree(ev, first, others) => {
            node.value(ev).set_origin(first.value);
            ev.force(first.value)
        }
        // Lines concatenate, other scalars conflict: the type would have to be known.
        _ => Err(Stop::Unknown(foreign())),
    }
}

/// Whether something of a definition surely is left when its conditions are discharged.
fn counts<'a>(ev: &Evaluator<'a>, raw: &RawDefinition<'a>) -> bool {
    let mut definitions = Vec::new();
    // An error is one of the whole set.
    discharge(ev, raw, &mut definitions).is_err()
        || definitions.iter().any(|definition| definition.condition.is_none())
}

/// The value of an option that modules from outside may declare and define, too: as of one that the repository
/// does not declare, a scalar definition is the value, and lists and sets have at least these members.
pub(crate) fn shared<'a>(
    ev: &Evaluator<'a>,
    slot: &'a Slot<'a>,
    more: &'a Unknown<'a>,
) -> Eval<'a> {
    match ev.force(slot.value(ev)) {
        Ok(Value::List(list)) => Ok(ev.open_list(list.items, list.rest.or(Some(more)))),
        Ok(Value::Attrs(attrs)) => {
            let entries = attrs.unordered().to_vec();
            Ok(Value::Attrs(ev.open_attrs(entries, attrs.rest.or(Some(more)))))
        }
        // They may have a default for it, or take more values.
        Ok(_) | Err(Stop::Error(_)) if slot.state(ev).active.is_empty() => Err(Stop::Unknown(more)),
        Err(Stop::Error(_)) if slot.ty.get(ev).may_grow(ev) => Err(Stop::Unknown(more)),
        other => other,
    }
}

/// Whether all of them surely count, and are the same Boolean.
fn agree<'a>(ev: &Evaluator<'a>, first: &Definition<'a>, others: &[Definition<'a>]) -> bool {
    let boolean = |definition: &Definition<'a>| match ev.force(definition.value) {
        Ok(Value::Bool(value)) if definition.condition.is_none() => Some(value),
        _ => None,
    };
    let value = boolean(first);
    value.is_some() && others.iter().all(|other| boolean(other) == value)
}

impl<'a> Node<'a> {
    /// The values that modules give this place, of every priority, those of false conditions left out.
    /// A definition with an unknown condition has it in [`Definition::condition`].
    pub fn given(&self, ev: &Evaluator<'a>) -> Vec<Definition<'a>> {
        let mut definitions = Vec::new();
        for raw in self.definitions {
            let _ = discharge(ev, raw, &mut definitions);
        }
        definitions
    }
}

/// The path within the modules that are evaluated.
fn own_path(node: &Node<'_>) -> Vec<&'static str> {
    let skipped = node.universe.path.segments().len();
    node.path.segments()[skipped..].iter().map(|name| name.as_str()).collect()
}

/// A module argument: the one definition of the highest priority, as it is (`types.raw`).
fn module_argument<'a>(
    ev: &Evaluator<'a>,
    node: &'a Node<'a>,
    definitions: Vec<Definition<'a>>,
) -> Eval<'a> {
    match single(ev, node, definitions)? {
        Some(only) => ev.force(only),
        None => {
            let message = format!("'{}' is not defined exactly once", node.path);
            ev.error(nixpact_eval::ErrorKind::Throw, message)
        }
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

/// Whether NixOS declares options below a top-level name, be it in a module that only some hosts import.
pub(crate) fn is_nixos_namespace(name: &str) -> bool {
    matches!(
        name,
        "age"
            | "amazonImage"
            | "appstream"
            | "assertions"
            | "boot"
            | "console"
            | "containers"
            | "deployment"
            | "disko"
            | "docker-containers"
            | "documentation"
            | "dysnomia"
            | "ec2"
            | "environment"
            | "fileSystems"
            | "fonts"
            | "gtk"
            | "hardware"
            | "home"
            | "home-manager"
            | "hyperv"
            | "i18n"
            | "ids"
            | "image"
            | "isoImage"
            | "krb5"
            | "lib"
            | "location"
            | "meta"
            | "microvm"
            | "netboot"
            | "networking"
            | "nix"
            | "nixpkgs"
            | "oci"
            | "power"
            | "powerManagement"
            | "programs"
            | "proxmox"
            | "proxmoxLXC"
            | "qt"
            | "sdImage"
            | "security"
            | "services"
            | "snapraid"
            | "sops"
            | "sound"
            | "specialisation"
            | "stylix"
            | "swapDevices"
            | "system"
            | "systemd"
            | "testing"
            | "time"
            | "users"
            | "virtualbox"
            | "virtualisation"
            | "vmware"
            | "warnings"
            | "wayland"
            | "xdg"
            | "zramSwap"
            | "_module"
    )
}

/// Whether something unknown comes from outside, where the repository's own options are not defined:
/// neither an output of the flake itself, nor what a function from outside makes of its files.
pub(crate) fn is_foreign<'a>(ev: &Evaluator<'a>, unknown: &Unknown<'a>) -> bool {
    match unknown.reason {
        Reason::External(_, text) => {
            let is_own = text.split(['.', '/']).any(|name| name == "self");
            let mut arguments = unknown.behind.iter().chain(unknown.arguments);
            !is_own && !arguments.any(|argument| may_name_files(ev, argument))
        }
        Reason::ForeignOption(_) => true,
        _ => false,
    }
}

/// Names, in an argument, of what files of the repository may be found by.
const OF_FILES: &[&str] =
    &["dir", "directory", "folder", "imports", "modules", "path", "root", "self", "src"];

/// Whether files of the repository may be named by an argument, as far as its text tells: computing it
/// could ask for the configuration that is being put together.
fn may_name_files<'a>(ev: &Evaluator<'a>, argument: &'a Thunk<'a>) -> bool {
    let Some(span) = ev.written(argument) else {
        return !matches!(argument.peek(), Some(Ok(Value::Int(_) | Value::Bool(_) | Value::Null)));
    };
    ev.see_text(span.file);
    let text = ev.sources.text(span);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-'".contains(c);
    let mut words = text.split(|c: char| !is_word(c));
    if text.contains("./") || words.any(|word| OF_FILES.contains(&word)) {
        return true;
    }
    let is_name = text.chars().all(|c| is_word(c) || c == '.');
    let first = text.split('.').next().unwrap_or(text);
    is_name
        && !matches!(first, "lib" | "pkgs" | "inputs" | "config" | "options" | "system" | "nixpkgs")
}
