//! Whether the unit of a service starts after that of the database that it uses.

use nixpact_eval::Evaluator;
use nixpact_modules::{Node, Universe};
use nixpact_source::Span;

use crate::datum::Located;
use crate::look::Look;
use crate::model::{Contract, Service};
use crate::roles::Role;

/// A unit that is wholly known, of a service that uses a database of its host.
#[derive(Debug)]
pub struct Ordering {
    pub service: Box<str>,
    /// The service's unit, such as `sonarr.service`.
    pub unit: String,
    /// The option that makes it, such as `virtualisation.quadlet.containers.sonarr`.
    pub option: String,
    /// Where the unit is defined.
    pub span: Option<Span>,
    /// The unit of the database, such as `postgresql.service`.
    pub server: String,
    /// Where the database's server is switched on.
    pub server_span: Option<Span>,
    /// The service starts when that unit has started, by itself or through units between them.
    pub is_ordered: bool,
    /// Where the unit says that it needs the other one, which does not order them.
    pub wants: Option<Span>,
}

/// How a unit is written.
struct Unit<'a> {
    option: String,
    span: Option<Span>,
    /// Lists of units that come before it.
    after: Vec<&'a Node<'a>>,
    /// Lists of units that it needs.
    wants: Vec<&'a Node<'a>>,
}

/// Units that NixOS starts before any service, and that wait for none.
const EARLY: &[&str] = &[
    "basic.target",
    "local-fs.target",
    "network-online.target",
    "network-pre.target",
    "network.target",
    "nss-lookup.target",
    "nss-user-lookup.target",
    "paths.target",
    "remote-fs.target",
    "sockets.target",
    "sysinit.target",
    "systemd-tmpfiles-setup.service",
    "time-sync.target",
    "timers.target",
];

/// Units that wait for every service that belongs to them.
const LATE: &[&str] = &["default.target", "graphical.target", "multi-user.target"];

/// The services that use a database whose server is known to run, and whose unit is known.
pub(crate) fn orderings<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    contracts: &[Contract],
    services: &[&Service],
) -> Vec<Ordering> {
    let look = Look { ev, universe };
    let mut found = Vec::new();
    for service in services {
        let Some(databases) = service.role(&contracts[service.contract], Role::Databases) else {
            continue;
        };
        let mut servers: Vec<(String, Option<Span>)> = Vec::new();
        for database in databases.value.items() {
            if let Some(server) = server(look, database)
                && !servers.iter().any(|(known, _)| *known == server.0)
            {
                servers.push(server);
            }
        }
        for (server, server_span) in servers {
            found.extend(ordering(look, &service.name, server, server_span));
        }
    }
    found
}

/// The unit of a database's server, where that surely runs on the host.
fn server<'a>(look: Look<'_, 'a>, database: &Located) -> Option<(String, Option<Span>)> {
    let text = |name: &str| database.get(name).and_then(Located::as_str);
    let is_on = |path: &[&str]| {
        let node = look.at(path)?;
        (look.bool_at(Some(node)) == Some(true)).then(|| look.name_span(node))
    };
    match text("type")? {
        "postgresql" | "postgres" | "pgsql" => {
            Some(("postgresql".to_owned(), is_on(&["services", "postgresql", "enable"])?))
        }
        "mysql" | "mariadb" => Some(("mysql".to_owned(), is_on(&["services", "mysql", "enable"])?)),
        "mongodb" => Some(("mongodb".to_owned(), is_on(&["services", "mongodb", "enable"])?)),
        "redis" => {
            let name = text("name")?;
            let span = is_on(&["services", "redis", "servers", name, "enable"])?;
            Some((format!("redis-{name}"), span))
        }
        _ => None,
    }
}

fn ordering<'a>(
    look: Look<'_, 'a>,
    service: &str,
    server: String,
    server_span: Option<Span>,
) -> Option<Ordering> {
    let (unit, name) = unit_of(look, service)?;
    if unit.option.starts_with("systemd.") && !starts_at_boot(look, service) {
        return None;
    }
    // It may be the server that says which comes first.
    if let Some(before) = look.at(&["systemd", "services", &server, "before"]) {
        let words = look.words(before)?;
        if words.iter().any(|word| *word == format!("{name}.service")) {
            return None;
        }
    }
    let mut wants = None;
    for list in &unit.wants {
        if look.words(list)?.iter().any(|word| is_of(word, &server)) {
            wants = look.name_span(list);
        }
    }
    Some(Ordering {
        service: service.into(),
        is_ordered: comes_after(look, &unit, &server)?,
        unit: format!("{name}.service"),
        option: unit.option,
        span: unit.span,
        server: format!("{server}.service"),
        server_span,
        wants,
    })
}

/// Whether a unit is started with the others, and not by a timer, a socket or by hand.
fn starts_at_boot(look: Look<'_, '_>, name: &str) -> bool {
    let says = |setting: &str| look.at(&["systemd", "services", name, setting]).is_some();
    let is_triggered = ["timers", "sockets", "paths"]
        .iter()
        .any(|kind| look.at(&["systemd", kind, name]).is_some());
    (says("wantedBy") || says("requiredBy")) && !says("startAt") && !is_triggered
}

/// Whether a name is that of a unit of a server: NixOS gives PostgreSQL further ones, such as
/// `postgresql.target`.
fn is_of(word: &str, server: &str) -> bool {
    word.strip_prefix(server).is_some_and(|rest| rest.starts_with(['.', '-', '@']))
}

/// Unknown where one of the units between them is not known.
fn comes_after<'a>(look: Look<'_, 'a>, unit: &Unit<'a>, server: &str) -> Option<bool> {
    let mut seen: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let lists = |unit: &Unit<'a>, open: &mut Vec<String>| {
        for list in &unit.after {
            open.extend(look.words(list)?.into_iter().map(str::to_owned));
        }
        Some(())
    };
    lists(unit, &mut open)?;
    while let Some(name) = open.pop() {
        if is_of(&name, server) || LATE.contains(&name.as_str()) {
            return Some(true);
        }
        if EARLY.contains(&name.as_str()) || seen.contains(&name) {
            continue;
        }
        let (unit, _) = unit_of(look, name.strip_suffix(".service")?)?;
        lists(&unit, &mut open)?;
        seen.push(name);
    }
    Some(false)
}

/// The unit that runs a service, where the repository alone writes it, and the unit's name.
fn unit_of<'a>(look: Look<'_, 'a>, name: &str) -> Option<(Unit<'a>, String)> {
    if look.at(&["services", name]).is_some() {
        // NixOS makes it, and orders it as it sees fit.
        return None;
    }
    let quadlet = look.at(&["virtualisation", "quadlet", "containers", name]);
    let container = look.at(&["virtualisation", "oci-containers", "containers", name]);
    match (quadlet, container) {
        (Some(node), None) => {
            let unit = quadlet_unit(look, name, node)?;
            Some((unit, name.to_owned()))
        }
        (None, Some(node)) => oci_unit(look, name, node),
        (None, None) => {
            let node = look.at(&["systemd", "services", name])?;
            let runs = look.below(node, &["script"]).is_some()
                || look.below(node, &["serviceConfig", "ExecStart"]).is_some();
            if !runs || name.contains('@') {
                return None;
            }
            let option = format!("systemd.services.{name}");
            let mut unit = Unit { option, span: None, after: Vec::new(), wants: Vec::new() };
            systemd(look, name, &mut unit)?;
            unit.span = look.name_span(node);
            Some((unit, name.to_owned()))
        }
        (Some(_), Some(_)) => None,
    }
}

/// What `systemd.services` says of a unit; unknown where it is switched off or may be more.
fn systemd<'a>(look: Look<'_, 'a>, name: &str, unit: &mut Unit<'a>) -> Option<()> {
    let Some(node) = look.at(&["systemd", "services", name]) else { return Some(()) };
    if look.doubt(node).is_some() || look.bool_at(look.below(node, &["enable"])) == Some(false) {
        return None;
    }
    unit.after.extend(look.below(node, &["after"]));
    unit.after.extend(look.below(node, &["unitConfig", "After"]));
    for list in ["requires", "wants", "bindsTo", "requisite"] {
        unit.wants.extend(look.below(node, &[list]));
    }
    Some(())
}

fn quadlet_unit<'a>(look: Look<'_, 'a>, name: &str, node: &'a Node<'a>) -> Option<Unit<'a>> {
    // Text of its own may say anything, and a pod has an order of its own.
    let others = [&["rawConfig"][..], &["containerConfig", "pod"]];
    if look.doubt(node).is_some() || others.iter().any(|it| look.below(node, it).is_some()) {
        return None;
    }
    let option = format!("virtualisation.quadlet.containers.{name}");
    let span = look.name_span(node);
    let mut unit = Unit { option, span, after: Vec::new(), wants: Vec::new() };
    if let Some(config) = look.below(node, &["unitConfig"]) {
        if look.doubt(config).is_some() {
            return None;
        }
        unit.after.extend(look.below(config, &["After"]));
        for list in ["Requires", "Wants", "BindsTo", "Requisite"] {
            unit.wants.extend(look.below(config, &[list]));
        }
    }
    systemd(look, name, &mut unit)?;
    Some(unit)
}

fn oci_unit<'a>(look: Look<'_, 'a>, name: &str, node: &'a Node<'a>) -> Option<(Unit<'a>, String)> {
    // Containers that it waits for, or a name of its own for the unit.
    let others = ["dependsOn", "serviceName"];
    if look.doubt(node).is_some() || others.iter().any(|it| look.below(node, &[it]).is_some()) {
        return None;
    }
    let backend = look.at(&["virtualisation", "oci-containers", "backend"]);
    let backend = match backend {
        Some(backend) => look.text_at(Some(backend))?.0,
        None => "podman",
    };
    let unit_name = format!("{backend}-{name}");
    let option = format!("virtualisation.oci-containers.containers.{name}");
    let span = look.name_span(node);
    let mut unit = Unit { option, span, after: Vec::new(), wants: Vec::new() };
    systemd(look, &unit_name, &mut unit)?;
    Some((unit, unit_name))
}
