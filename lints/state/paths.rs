//! Paths that services name, and which of them lie in which.

use std::borrow::Cow;

use nixpact_contract::{
    Contract, Datum, Field, FieldDecl, Host, Located, Model, Role, Service, string_literal,
};
use nixpact_source::Span;

use crate::text::fix;

/// A path that a field names.
pub(crate) struct Entry<'m> {
    /// As it is written.
    pub text: &'m str,
    pub value: &'m Located,
    /// The member of the list; the value itself, where that is the path.
    pub member: &'m Located,
}

/// The attributes under which a set names its path.
const NAMES: &[&str] = &["directory", "path", "file", "dirPath", "filePath"];

/// The paths of a field that are known: of a list of strings or of sets, or of a string.
pub(crate) fn entries<'f>(field: &'f Field) -> Vec<Entry<'f>> {
    let members = match &field.value.datum {
        Datum::List { items, .. } => &items[..],
        _ => std::slice::from_ref(&field.value),
    };
    let entry = |member: &'f Located| {
        let value = match &member.datum {
            Datum::Attrs { .. } => NAMES.iter().find_map(|name| member.get(name))?,
            _ => member,
        };
        Some(Entry { text: value.as_str()?, value, member })
    };
    members.iter().filter_map(entry).collect()
}

/// Whether a field may name paths that are not known.
pub(crate) fn is_open(field: &Field) -> bool {
    field.value.unknown().is_some()
}

/// An absolute path without empty segments, `.` and a `/` at its end; none for one with `..`.
pub(crate) fn clean(path: &str) -> Option<Cow<'_, str>> {
    let may_change = |pair: &[u8]| pair[0] == b'/' && matches!(pair[1], b'/' | b'.');
    if !path.ends_with('/') && !path.as_bytes().windows(2).any(may_change) {
        return path.starts_with('/').then_some(Cow::Borrowed(path));
    }
    let segments = path.strip_prefix('/')?.split('/').filter(|it| !it.is_empty() && *it != ".");
    let mut cleaned = String::new();
    for segment in segments {
        if segment == ".." {
            return None;
        }
        cleaned.push('/');
        cleaned.push_str(segment);
    }
    Some(Cow::Owned(cleaned))
}

/// Whether a path is another one or lies in it; both are [`clean`].
pub(crate) fn is_in(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Paths, by which others are asked for that lie in them or around them.
pub(crate) struct Paths<'p>(Vec<&'p str>);

impl<'p> Paths<'p> {
    /// All of them [`clean`].
    pub fn new(paths: impl Iterator<Item = &'p str>) -> Paths<'p> {
        let mut paths: Vec<&str> = paths.collect();
        paths.sort_unstable();
        Paths(paths)
    }

    pub fn has(&self, path: &str) -> bool {
        self.0.binary_search(&path).is_ok()
    }

    /// How long the longest of them is that is a path or holds it.
    pub fn around(&self, path: &str) -> Option<usize> {
        outwards(path).find(|outer| self.has(outer)).map(str::len)
    }

    /// Whether one of them is a path, holds it or lies in it.
    pub fn touch(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        let next = self.0.get(self.0.partition_point(|it| *it < inside.as_str()));
        next.is_some_and(|next| next.starts_with(&inside)) || self.around(path).is_some()
    }
}

/// A path and those around it, the root itself left out.
pub(crate) fn outwards(path: &str) -> impl Iterator<Item = &str> {
    let slashes = path.char_indices().rev().filter(|(at, sign)| *at > 0 && *sign == '/');
    std::iter::once(path).chain(slashes.filter_map(|(at, _)| path.get(..at)))
}

/// What survives a reboot on a host of which that is wholly known.
pub(crate) struct Survivors<'m> {
    host: &'m Host,
    kept: Paths<'m>,
    volatile: Paths<'m>,
    /// The state that services declare is persisted where it is kept, and not merely because it is
    /// declared.
    pub claims_are_listed: bool,
    /// That state, where it is not seen how it is persisted.
    claimed: Vec<Cow<'m, str>>,
}

impl<'m> Survivors<'m> {
    /// None where nothing is lost, or where what is kept is not wholly known.
    pub fn of(model: &'m Model, host: &'m Host) -> Option<Survivors<'m>> {
        let facts = &host.persistence;
        // A host that keeps nothing at all, such as a live image, means that.
        if facts.emptied.is_none() || facts.unknown.is_some() || facts.kept.is_empty() {
            return None;
        }
        let states = host.enabled().filter_map(|service| {
            let contract = &model.contracts[service.contract];
            service.role(contract, Role::State)
        });
        let mut claimed: Vec<Cow<'_, str>> =
            states.flat_map(entries).filter_map(|entry| clean(entry.text)).collect();
        let kept = Paths::new(facts.kept.iter().map(|it| &*it.path));
        let claims_are_listed = claimed.iter().any(|path| kept.has(path));
        if claims_are_listed {
            claimed.clear();
        }
        let volatile = Paths::new(facts.volatile.iter().map(|it| &*it.path));
        Some(Survivors { host, kept, volatile, claims_are_listed, claimed })
    }

    /// Whether a [`clean`] path is lost at boot: as a whole, for certain, and where programs keep data.
    pub fn is_lost(&self, path: &str, service: &str) -> bool {
        let is_in_memory = || self.volatile.around(path) > self.kept.around(path);
        let is_claimed = || self.claimed.iter().any(|it| is_in(path, it) || is_in(it, path));
        let may_be_kept = || {
            let mut names = self.host.persistence.kept_for.iter();
            names.any(|name| {
                **name == *service || path.split('/').any(|segment| segment.contains(&**name))
            })
        };
        holds_data(path)
            && (!self.kept.touch(path) || is_in_memory())
            && !is_claimed()
            && !may_be_kept()
    }

    /// Where the host says that its root is emptied, and how.
    pub fn emptied(&self) -> Option<(Span, String)> {
        let emptied = self.host.persistence.emptied.as_ref()?;
        Some((emptied.span?, format!("the root {}", emptied.how)))
    }
}

/// Whether programs keep data there that the root's file system holds. Other places are mounted by
/// hand, made anew at boot, or a matter of the people who log in.
fn holds_data(path: &str) -> bool {
    let is_among = |places: &[&str]| places.iter().any(|place| is_in(path, place));
    is_among(&["/opt", "/srv", "/var"]) && !may_be_lost(path) && path.matches('/').count() > 1
}

/// Whether what stands there is made anew by those who need it.
pub(crate) fn may_be_lost(path: &str) -> bool {
    const PLACES: &[&str] = &["/var/cache", "/var/lock", "/var/log", "/var/run", "/var/tmp"];
    PLACES.iter().any(|place| is_in(path, place))
}

/// A line that adds a path to a list of a service, as it could be written.
pub(crate) fn addition(
    contract: &Contract,
    service: &Service,
    role: Role,
    path: &str,
) -> Option<String> {
    let decl: &FieldDecl = contract.role(role)?;
    if !decl.ty.starts_with("list of") {
        return None;
    }
    let known = service.role(contract, role).map(entries).unwrap_or_default();
    let members = known.iter().map(|entry| string_literal(entry.text));
    let members: Vec<String> = members.chain([string_literal(path)]).collect();
    Some(fix(contract, &service.name, &decl.name, &format!("[ {} ]", members.join(" "))))
}
