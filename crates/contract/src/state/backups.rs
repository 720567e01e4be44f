//! What programs of NixOS back up, whatever the contract says.

use nixpact_eval::{Evaluator, Piece, Reason, Stop, Thunk, Unknown, Value};
use nixpact_modules::{Node, Universe};

use crate::datum::{UnknownValue, unknown_value};
use crate::look::Look;

/// The paths that backups take.
#[derive(Debug, Default)]
pub struct Backups {
    pub paths: Vec<Box<str>>,
    /// Why there may be more.
    pub unknown: Option<UnknownValue>,
}

/// Sets of backups, and the list of paths in each.
const LISTS: &[(&[&str], &str)] = &[
    (&["services", "restic", "backups"], "paths"),
    (&["services", "borgbackup", "jobs"], "paths"),
    (&["services", "rustic", "backups"], "paths"),
];

/// Programs that back up what their own configuration says, or whole file systems.
const OTHERS: &[&[&str]] = &[
    &["borgmatic"],
    &["btrbk"],
    &["duplicati"],
    &["duplicity"],
    &["kopia"],
    &["rsnapshot"],
    &["sanoid"],
    &["snapper"],
    &["syncoid"],
    &["tarsnap"],
    &["urbackup"],
    &["zfs", "autoReplication"],
    &["zfs", "autoSnapshot"],
    &["znapzend"],
    &["zrepl"],
];

/// Options and values nested deeper are not searched.
const MAX_DEPTH: usize = 8;

pub(crate) fn backups<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>) -> Backups {
    let look = Look { ev, universe };
    let mut found = Backups::default();
    let mut unknown = universe.root(ev).opaque(ev);
    for (set, name) in LISTS {
        let Some(jobs) = look.at(set) else { continue };
        unknown = unknown.or_else(|| look.doubt(jobs));
        for (_, job) in look.children(Some(jobs)) {
            unknown = unknown.or_else(|| look.doubt(job));
            // Such a backup may take its paths from elsewhere.
            let Some(list) = look.below(job, &[name]) else {
                unknown = unknown.or_else(|| Some(other(look, job)));
                continue;
            };
            unknown = unknown.or_else(|| look.doubt(list));
            let Some(paths) = look.list_at(list) else { continue };
            unknown = unknown.or_else(|| look.rest(paths));
            for item in look.items(paths) {
                match look.text(item) {
                    Some((path, _)) => found.paths.push(path.into()),
                    None => unknown = unknown.or_else(|| Some(other(look, list))),
                }
            }
        }
    }
    declared(look, universe.root(ev), 0, &mut found.paths, &mut unknown);
    let others = OTHERS.iter().filter_map(|name| look.at(&[&["services"], *name].concat()));
    let is_off = |node| look.bool_at(look.below(node, &["enable"])) == Some(false);
    let mut others = others.filter(|node| !is_off(*node));
    unknown = unknown.or_else(|| others.next().map(|node| other(look, node)));
    found.unknown = unknown.map(unknown_value);
    found
}

/// The strings in options of the repository itself whose names speak of backups: a collector may put
/// more there than the services list.
fn declared<'a>(
    look: Look<'_, 'a>,
    node: &'a Node<'a>,
    depth: usize,
    paths: &mut Vec<Box<str>>,
    unknown: &mut Option<&'a Unknown<'a>>,
) {
    if depth > MAX_DEPTH || !node.is_declared() {
        return;
    }
    if node.option(look.ev).is_none() {
        *unknown = unknown.or_else(|| node.undeclared(look.ev));
        for (_, child) in node.children(look.ev) {
            declared(look, child, depth + 1, paths, unknown);
        }
    } else if node.path.last().as_str().to_lowercase().contains("backup") {
        strings(look, node.value(look.ev), 0, paths, unknown);
    }
}

fn strings<'a>(
    look: Look<'_, 'a>,
    thunk: &'a Thunk<'a>,
    depth: usize,
    paths: &mut Vec<Box<str>>,
    unknown: &mut Option<&'a Unknown<'a>>,
) {
    let mut more = |reason: Option<&'a Unknown<'a>>| *unknown = unknown.or(reason);
    match look.ev.force(thunk) {
        Ok(Value::Str(text)) => paths.push(text.into()),
        Ok(Value::Path(text)) if text.starts_with('/') => paths.push(text.into()),
        Ok(Value::List(list)) if depth < MAX_DEPTH => {
            more(list.rest);
            list.items.iter().for_each(|item| strings(look, item, depth + 1, paths, unknown));
        }
        Ok(Value::Attrs(set)) if depth < MAX_DEPTH => {
            more(set.rest);
            let members = set.unordered().iter();
            members.for_each(|member| strings(look, member.value, depth + 1, paths, unknown));
        }
        Ok(Value::Template(pieces)) => more(pieces.iter().find_map(|piece| match piece {
            Piece::Unknown(unknown) => Some(*unknown),
            _ => None,
        })),
        Err(Stop::Unknown(reason)) => more(Some(reason)),
        _ => {}
    }
}

fn other<'a>(look: Look<'_, 'a>, node: &'a Node<'a>) -> &'a Unknown<'a> {
    let reason = Reason::Unsupported("what this backs up");
    look.ev.unknown_ref(reason, look.name_span(node))
}
