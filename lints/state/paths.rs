//! Paths that services name, and which of them lie in which.

use nixpact_contract::{
    Contract, Datum, Field, FieldDecl, Host, Kept, Located, Model, Role, Service, string_literal,
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
pub(crate) fn clean(path: &str) -> Option<String> {
    let segments = path.strip_prefix('/')?.split('/').filter(|it| !it.is_empty() && *it != ".");
    let mut cleaned = String::new();
    for segment in segments {
        if segment == ".." {
            return None;
        }
        cleaned.push('/');
        cleaned.push_str(segment);
    }
    Some(cleaned)
}

/// Whether a path is another one or lies in it; both are [`clean`].
pub(crate) fn is_in(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What survives a reboot on a host of which that is wholly known.
pub(crate) struct Survivors<'m> {
    host: &'m Host,
    /// The state of services, where it is not seen how it is persisted.
    claimed: Vec<String>,
    /// The state of services is persisted where it is kept, and not merely because it is declared.
    pub claims_are_listed: bool,
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
        let claimed: Vec<String> =
            states.flat_map(entries).filter_map(|entry| clean(entry.text)).collect();
        let is_listed = |path: &String| {
            let kept = &facts.kept;
            kept.binary_search_by(|it| (*it.path).cmp(path)).is_ok()
        };
        let claims_are_listed = claimed.iter().any(is_listed);
        Some(Survivors { host, claimed, claims_are_listed })
    }

    /// Whether a [`clean`] path is lost at boot: as a whole, for certain, and where programs keep data.
    pub fn is_lost(&self, path: &str, service: &str) -> bool {
        let facts = &self.host.persistence;
        let longest = |paths: &[Kept]| {
            let outer = paths.iter().filter(|it| is_in(path, &it.path)).map(|it| it.path.len());
            outer.max()
        };
        let is_kept = longest(&facts.kept)
            .is_some_and(|kept| longest(&facts.volatile).is_none_or(|volatile| volatile <= kept))
            || facts.kept.iter().any(|it| is_in(&it.path, path));
        let is_claimed = !self.claims_are_listed
            && self.claimed.iter().any(|claim| is_in(path, claim) || is_in(claim, path));
        let may_be_kept = facts.kept_for.iter().any(|name| {
            **name == *service || path.split('/').any(|segment| segment.contains(&**name))
        });
        holds_data(path) && !is_kept && !is_claimed && !may_be_kept
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
