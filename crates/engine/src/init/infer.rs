//! The conventions that the services of a repository follow.

use std::collections::BTreeMap;

use nixpact_contract::{Hole, Model, Role, SecretPlace, ServiceModule, Template};
use nixpact_source::Sources;
use toml::Value;

use super::draft::{Draft, list};
use super::paths;

/// How many have to agree before it is a convention.
const MIN_AGREEING: usize = 2;

const MODULE: &[&str] = &["module-file-name", "service-name-mismatch"];
const TEST: &[&str] = &["missing-test"];
const CHECK: &[&str] = &["unexposed-test"];
const SECRET: &[&str] = &["secret-path"];
const SECTIONS: &[&str] = &["missing-section"];
const COLLECTOR: &[&str] = &["aggregation-in-module"];
const SHARED: &[&str] = &["foreign-section"];
const CONNECTIONS: &[&str] = &["hand-built-connection-string"];
const RUNTIME: &[&str] = &["contract-differs-by-runtime"];

/// Options of NixOS and of quadlet-nix below which containers stand.
const CONTAINERS: &[&str] = &[
    "containers",
    "virtualisation.docker",
    "virtualisation.oci-containers",
    "virtualisation.podman",
    "virtualisation.quadlet",
];

pub(super) fn conventions(model: &Model, sources: &Sources, draft: &mut Draft) {
    let modules = &model.structure.modules;
    let text = |template: Template| Value::from(template.to_string());
    if let Some(module) = module(modules) {
        draft.convention("module", text(module), MODULE);
    }
    if let Some(test) = test(modules, sources) {
        draft.convention("test", text(test), TEST);
        if let Some(check) = check(model) {
            draft.convention("check", text(check), CHECK);
        }
    }
    if let Some(secret) = secret(model) {
        draft.convention("secret", text(secret), SECRET);
    }
    let sections = sections(modules);
    if !sections.is_empty() {
        draft.convention("sections", list(sections), SECTIONS);
    }
    if modules.is_empty() {
        return;
    }
    if let Some(collector) = collector(sources) {
        draft.convention("collector", list([collector]), COLLECTOR);
    }
    let Some(contract) = model.contracts.first() else { return };
    if let (Some(enable), Some(_)) = (contract.role(Role::Enable), contract.role(Role::DependsOn)) {
        draft.convention("shared-fields", list([enable.name.as_str()]), SHARED);
    }
    if let Some((namespace, _)) = contract.option.rsplit_once('.')
        && mentions(sources, "databaseConfig")
    {
        let option = format!("{namespace}.databaseConfig");
        draft.convention("connections", Value::from(option), CONNECTIONS);
    }
    let containers = CONTAINERS.iter().copied();
    let used: Vec<&str> = containers.filter(|option| uses(sources, option)).collect();
    if !used.is_empty() {
        draft.convention("runtime", list(used), RUNTIME);
    }
}

/// What a homelab agrees on whose services stand in `modules/server`.
pub(super) fn homelab(sources: &Sources, draft: &mut Draft) {
    let first = draft.entries.len();
    let collector = "modules/server/collector.nix";
    let path = "modules/server/{category}/{service}/default.nix";
    draft.convention("module", Value::from(path), MODULE);
    draft.convention("test", Value::from("tests/{service}/default.nix"), TEST);
    draft.convention("check", Value::from("{service}Test"), CHECK);
    draft.convention("secret", Value::from("server/{service}/{credential}"), SECRET);
    draft.convention("sections", list(["contract", "implementation", "secrets"]), SECTIONS);
    draft.convention("collector", list([collector]), COLLECTOR);
    draft.convention("shared-fields", list(["enable"]), SHARED);
    draft.convention("connections", Value::from("qgroget.databaseConfig"), CONNECTIONS);
    draft.convention("runtime", list(CONTAINERS.iter().copied()), RUNTIME);
    for entry in &mut draft.entries[first..] {
        entry.is_wanted = true;
        // A glob has to match a file.
        if entry.key == "collector" && sources.id(collector).is_none() {
            entry.reason = Some("As soon as there is this file:".to_owned());
        }
    }
}

/// Globs that match the modules of services; each one by its path where they have nothing in common.
pub(super) fn module_globs(model: &Model) -> Vec<String> {
    let modules = &model.structure.modules;
    let Some(template) = module(modules) else {
        return modules.iter().map(|module| module.path.clone()).collect();
    };
    let glob = template.to_string().replace("{category}", "*").replace("{service}", "*");
    let others = modules.iter().filter(|module| template.service(&module.path).is_none());
    std::iter::once(glob).chain(others.map(|module| module.path.clone())).collect()
}

fn module(modules: &[ServiceModule]) -> Option<Template> {
    let items = modules.iter().filter_map(|module| {
        let named = module.services.iter().find(|it| part(&module.path, &it.name).is_some());
        let service = named.or(module.services.first())?;
        Some((service.name.as_str(), module.path.as_str()))
    });
    agreed(&items.collect::<Vec<_>>(), &[Hole::Category, Hole::Service])
}

fn test(modules: &[ServiceModule], sources: &Sources) -> Option<Template> {
    let mut items = Vec::new();
    let is_test = |path: &&str| {
        let is_module = modules.iter().any(|module| module.path == *path);
        !is_module && path.split('/').any(|name| name.trim_end_matches(".nix").starts_with("test"))
    };
    let tests: Vec<&str> = paths(sources).filter(is_test).collect();
    for service in modules.iter().flat_map(|module| &module.services) {
        let of = tests.iter().filter(|path| part(path, &service.name).is_some());
        items.extend(of.map(|path| (service.name.as_str(), *path)));
    }
    agreed(&items, &[Hole::Category, Hole::Service])
}

fn check(model: &Model) -> Option<Template> {
    let names = &model.structure.checks.as_ref()?.names;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for service in model.structure.modules.iter().flat_map(|module| &module.services) {
        for name in names.iter().filter(|name| name.contains(service.name.as_str())) {
            *counts.entry(name.replacen(service.name.as_str(), "{service}", 1)).or_default() += 1;
        }
    }
    let (text, count) = counts.iter().max_by_key(|(_, count)| **count)?;
    let template = Template::parse(text, &[Hole::Service]).ok()?;
    (*count >= MIN_AGREEING).then_some(template)
}

fn secret(model: &Model) -> Option<Template> {
    let mut items = Vec::new();
    for module in &model.structure.modules {
        let here = |secret: &&SecretPlace| {
            module.services.first().is_some_and(|service| service.span.file == secret.span.file)
        };
        for secret in model.secrets.declared.iter().filter(here) {
            let named = module.services.iter().find(|it| part(&secret.name, &it.name).is_some());
            if let Some(service) = named.or(module.services.first()) {
                items.push((service.name.as_str(), secret.name.as_str()));
            }
        }
    }
    agreed(&items, &[Hole::Service, Hole::Credential])
}

/// The headings that more than half of the modules have, in their order.
fn sections(modules: &[ServiceModule]) -> Vec<String> {
    let is_short = |heading: &&String| {
        heading.split(' ').count() <= 3
            && heading.chars().all(|char| char.is_alphabetic() || matches!(char, ' ' | '-'))
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for module in modules {
        let mut headings: Vec<&String> = module.headings.iter().filter(is_short).collect();
        headings.sort_unstable();
        headings.dedup();
        for heading in headings {
            *counts.entry(heading).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count > MIN_AGREEING && *count * 2 > modules.len());
    let order = |heading: &str| {
        let positions = modules
            .iter()
            .find_map(|module| module.headings.iter().position(|known| known == heading));
        positions.unwrap_or(usize::MAX)
    };
    let mut sections: Vec<&str> = counts.into_keys().collect();
    sections.sort_by_key(|heading| order(heading));
    sections.into_iter().map(str::to_owned).collect()
}

fn collector(sources: &Sources) -> Option<&str> {
    paths(sources).find(|path| path.rsplit('/').next() == Some("collector.nix"))
}

fn mentions(sources: &Sources, word: &str) -> bool {
    sources.files().iter().any(|file| file.text.contains(word))
}

/// Whether some file mentions an option of NixOS, in one piece or by its last names.
fn uses(sources: &Sources, option: &str) -> bool {
    match option.split_once('.') {
        Some((namespace, name)) => sources.files().iter().any(|file| {
            file.text.contains(option)
                || file.text.contains(&format!("{namespace} =")) && file.text.contains(name)
        }),
        None => mentions(sources, &format!("\n  {option}.")),
    }
}

/// The position of the part of a path or a name that is a service's name, perhaps with `.nix`.
fn part(text: &str, service: &str) -> Option<usize> {
    text.split('/').position(|part| part.strip_suffix(".nix").unwrap_or(part) == service)
}

/// The template that most of the texts follow, each for its service; at least two, and more than half.
fn agreed(items: &[(&str, &str)], holes: &[Hole]) -> Option<Template> {
    let mut templates: Vec<Template> = Vec::new();
    for (service, text) in items {
        for candidate in candidates(service, text, holes) {
            if let Ok(template) = Template::parse(&candidate, holes)
                && !templates.contains(&template)
            {
                templates.push(template);
            }
        }
    }
    let count = |template: &Template| {
        items.iter().filter(|(service, text)| template.is_for(service, text)).count()
    };
    // The most, and of these the most definite.
    let rank = |template: &Template| {
        let text = template.to_string();
        (count(template), std::cmp::Reverse((text.matches('{').count(), text)))
    };
    let best = templates.into_iter().max_by_key(rank)?;
    let agreeing = count(&best);
    (agreeing >= MIN_AGREEING && agreeing * 2 > items.len()).then_some(best)
}

/// A text with its service's name taken out, and perhaps what stands before or after it.
fn candidates(service: &str, text: &str, holes: &[Hole]) -> Vec<String> {
    let Some(at) = part(text, service) else { return Vec::new() };
    let mut parts: Vec<String> = text.split('/').map(str::to_owned).collect();
    parts[at] = parts[at].replacen(service, "{service}", 1);
    let mut found = vec![parts.join("/")];
    let mut with = |at: usize, hole: Hole| {
        if holes.contains(&hole) && parts.get(at).is_some_and(|part| !part.ends_with(".nix")) {
            let mut parts = parts.clone();
            parts[at] = format!("{{{}}}", hole.name());
            found.push(parts.join("/"));
        }
    };
    // The first directory is where all of them are.
    if at > 1 {
        with(at - 1, Hole::Category);
    }
    if at + 2 == text.split('/').count() {
        with(at + 1, Hole::Credential);
    }
    found
}
