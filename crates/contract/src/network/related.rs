//! Which bindings may be parts of which services.
//!
//! The container that runs a service publishes the service's own port: that is no conflict. Whether a
//! binding is a part of a service no option says, so whatever hints at it counts.

use std::collections::BTreeMap;

use nixpact_eval::Evaluator;
use nixpact_source::{FileId, Span};
use nixpact_syntax::{KeyName, Symbol};
use rustc_hash::FxHashSet;

use super::{Binding, Container, Network};
use crate::model::{Contract, Service};
use crate::roles::Role;

/// Fills [`Binding::parts_of`] and [`Network::inside_containers`].
pub(crate) fn relate(
    ev: &Evaluator<'_>,
    services: &[Service],
    contracts: &[Contract],
    network: &mut Network,
) {
    if network.bindings.is_empty() {
        return;
    }
    let mut by_port: BTreeMap<u16, Vec<(&Service, Option<Span>)>> = BTreeMap::new();
    for service in services {
        let Some(field) = service.role(&contracts[service.contract], Role::Port) else { continue };
        if let Some(port) = field.value.as_int().and_then(|port| u16::try_from(port).ok()) {
            by_port.entry(port).or_default().push((service, field.value.span));
        }
    }
    let mut served: FxHashSet<&str> = FxHashSet::default();
    let mut met: Vec<&Service> = Vec::new();
    for binding in &mut network.bindings {
        for (service, port) in by_port.range(binding.first..=binding.last).flat_map(|it| it.1) {
            if is_part(ev, binding, service, *port) {
                served.insert(&service.name);
                binding.parts_of.push(service.name.clone());
            } else {
                met.push(service);
            }
        }
    }
    let containers = &network.containers;
    let inside = |service: &&&Service| {
        let of_it = |it: &&Container| is_near(&it.name, &it.files, service);
        let mut of_it = containers.iter().filter(of_it).peekable();
        of_it.peek().is_some() && of_it.all(|it| !it.is_on_host)
    };
    let met = met.iter().filter(|service| !served.contains(service.name.as_str()));
    network.inside_containers = met.filter(inside).map(|service| service.name.clone()).collect();
}

fn is_part(ev: &Evaluator<'_>, binding: &Binding, service: &Service, port: Option<Span>) -> bool {
    let inside = |outer: Option<Span>, inner: Option<Span>| match (outer, inner) {
        (Some(outer), Some(inner)) => {
            outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
        }
        _ => false,
    };
    is_near(&binding.name, &binding.files, service)
        || inside(binding.span, port)
        || binding.files.iter().any(|file| mentions(ev, *file, &service.name))
}

/// Whether something has the name of a service, or stands in a file that defines the service.
fn is_near(name: &str, files: &[FileId], service: &Service) -> bool {
    are_alike(name, &service.name) || service.spans.iter().any(|span| files.contains(&span.file))
}

/// Whether one name is the other with more words: `immich` and `immich-server`.
pub fn are_alike(a: &str, b: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    !short.is_empty()
        && (long.windows(short.len()).any(|run| run == &short[..]) || a.concat() == b.concat())
}

/// Whether a file has the name among its attributes, as in `config.lab.services.jellyfin.port`.
fn mentions(ev: &Evaluator<'_>, file: FileId, name: &str) -> bool {
    let Some(ast) = ev.ast(file) else { return true };
    let name = Symbol::new(name);
    ast.attributes.iter().any(|attribute| attribute.name == name)
        || ast.keys.iter().any(|key| matches!(key.name, KeyName::Static(known) if known == name))
}

#[cfg(test)]
mod tests {
    use super::are_alike;

    #[test]
    fn a_name_with_more_words_is_alike() {
        assert!(are_alike("immich", "immich-server"));
        assert!(are_alike("immich_machine_learning", "Immich"));
        assert!(are_alike("file-server", "fileserver"));
        assert!(!are_alike("sonarr", "radarr"));
        assert!(!are_alike("arr", "sonarr"));
        assert!(!are_alike("immich-server", "immich-redis"));
    }
}
