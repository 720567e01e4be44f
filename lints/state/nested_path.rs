//! A path in a list lies in another one that is persisted or backed up, too.

use std::borrow::Cow;

use nixpact_contract::{Contract, Datum, Field, Host, Model, Role, Service};
use nixpact_diagnostics::Diagnostic;
use rustc_hash::FxHashMap;

use super::paths::{Entry, clean, entries, outwards};
use crate::lint::{Level, Sink, declare_lint};
use crate::text::{member_span, origin};

declare_lint! {
    #[doc = include_str!("nested_path.md")]
    pub static NESTED_PATH = {
        name: "nested-path",
        summary: "a path lies in another one of the same kind",
        level: Level::Note,
        check,
    }
}

/// A path that a service persists or backs up.
struct Claim<'m> {
    path: Cow<'m, str>,
    entry: Entry<'m>,
    field: &'m Field,
    service: &'m Service,
}

fn check(model: &Model, sink: &mut Sink<'_>) {
    for host in &model.hosts {
        for (index, contract) in model.contracts.iter().enumerate() {
            for role in [Role::State, Role::Backup] {
                let mut claims = claims(host, (index, contract), role);
                claims.sort_by(|a, b| a.path.cmp(&b.path));
                // The first of those with a path; the others follow it.
                let mut first: FxHashMap<&str, usize> = FxHashMap::default();
                for (at, claim) in claims.iter().enumerate() {
                    let with = |path: &str| match first.get(path) {
                        Some(first) => &claims[*first..at],
                        None => &[],
                    };
                    if let Some(outer) = outer(with, claim) {
                        sink.push(nested(host, claim, outer, role, sink));
                    }
                    first.entry(&claim.path).or_insert(at);
                }
            }
        }
    }
}

fn claims<'m>(host: &'m Host, (index, contract): (usize, &Contract), role: Role) -> Vec<Claim<'m>> {
    let services = host.enabled().filter(|service| service.contract == index);
    let fields = services.filter_map(|it| Some((it, it.role(contract, role)?)));
    let claims = fields.flat_map(|(service, field)| {
        entries(field).into_iter().filter_map(move |entry| {
            let path = clean(entry.text).filter(|path| !path.is_empty())?;
            Some(Claim { path, entry, field, service })
        })
    });
    claims.collect()
}

/// Of those that come before it: the nearest path around one, of the same service where it has any; or
/// the same path, written before in the same list. Services that share a directory, or give one in it
/// another owner, mean that.
///
/// `with` gives those that come before it and begin with the first of a path.
fn outer<'c, 'm>(with: impl Fn(&str) -> &'c [Claim<'m>], claim: &Claim<'m>) -> Option<&'c Claim<'m>>
where
    'm: 'c,
{
    if has_its_own_owner(&claim.entry) {
        return None;
    }
    let around = || {
        outwards(&claim.path)
            .flat_map(|path| with(path).iter().take_while(move |it| it.path == path))
    };
    let own = |other: &&Claim<'m>| std::ptr::eq(other.service, claim.service);
    around().find(own).or_else(|| around().find(|other| other.path != claim.path))
}

/// A set with more than the path says something of it that the path around it does not.
fn has_its_own_owner(entry: &Entry<'_>) -> bool {
    matches!(&entry.member.datum, Datum::Attrs { entries, .. } if entries.len() > 1)
}

fn nested(
    host: &Host,
    claim: &Claim<'_>,
    outer: &Claim<'_>,
    role: Role,
    sink: &Sink<'_>,
) -> Diagnostic {
    let (path, name) = (&claim.path, &claim.service.name);
    let done = if role == Role::State { "persisted" } else { "backed up" };
    let message = if claim.path == outer.path {
        format!("'{path}' of service '{name}' is listed twice")
    } else {
        let whose = match std::ptr::eq(claim.service, outer.service) {
            true => String::new(),
            false => format!(" by '{}'", outer.service.name),
        };
        format!("'{path}' of service '{name}' lies in '{}', which is {done}{whose}", outer.path)
    };
    let mut finding = sink.finding(Some(host), message).service(name);
    if !std::ptr::eq(claim.service, outer.service) {
        finding = finding.service(&outer.service.name);
    }
    let shown = member_span(claim.entry.value, claim.field, claim.service);
    if let Some(span) = shown {
        finding = finding.primary(span, "nothing is added by this one");
    }
    finding = origin(finding, claim.entry.value, shown);
    if let Some(span) = member_span(outer.entry.value, outer.field, outer.service) {
        finding = finding.secondary(span, format!("it is {done} with this one"));
    }
    finding.note(format!("Fix: remove '{path}' from the list"))
}
