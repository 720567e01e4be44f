//! Who claims a port of a host, and which claims do not go together.

use nixpact_contract::{
    Address, Binding, BindingKind, Contract, Datum, Field, Host, Model, Protocol, Role, Service,
    are_alike,
};

use super::url::local_port;

/// Ports that something claims.
#[derive(Clone, Copy)]
pub(super) struct Claim<'m> {
    pub by: Claimant<'m>,
    pub first: u16,
    /// At least `first`.
    pub last: u16,
}

#[derive(Clone, Copy)]
pub(super) enum Claimant<'m> {
    /// A service, by its port.
    Port(&'m Service),
    /// A service, by the port in its `url`.
    Url(&'m Service),
    Binding(&'m Binding),
}

/// Two claims that do not go together.
pub(super) struct Collision {
    /// What would have to be otherwise; nothing, where it is certain.
    pub unless: Option<String>,
}

impl Collision {
    const CERTAIN: Collision = Collision { unless: None };

    fn unless(condition: String) -> Collision {
        Collision { unless: Some(condition) }
    }
}

impl<'m> Claim<'m> {
    pub fn name(&self) -> &'m str {
        match self.by {
            Claimant::Port(service) | Claimant::Url(service) => &service.name,
            Claimant::Binding(binding) if binding.kind == BindingKind::EntryPoint => "traefik",
            Claimant::Binding(binding) => &binding.name,
        }
    }

    /// The name that also tells it from others of the same name.
    pub fn full_name(&self) -> &'m str {
        match self.by {
            Claimant::Port(service) | Claimant::Url(service) => &service.name,
            Claimant::Binding(binding) => &binding.option,
        }
    }

    pub fn protocol(&self) -> Protocol {
        match self.by {
            Claimant::Binding(binding) => binding.protocol,
            Claimant::Port(_) | Claimant::Url(_) => Protocol::Tcp,
        }
    }
}

/// Everything on a host that claims a port, sorted by port, then by name.
pub(super) fn claims<'m>(model: &'m Model, host: &'m Host) -> Vec<Claim<'m>> {
    let mut claims = Vec::new();
    for service in host.enabled() {
        let port = match port(model, service) {
            Some(port) => Some((Claimant::Port(service), port)),
            None => url_port(model, service).map(|port| (Claimant::Url(service), port)),
        };
        claims.extend(port.map(|(by, port)| Claim { by, first: port, last: port }));
    }
    let bindings = host.network.bindings.iter();
    claims.extend(bindings.map(|binding| Claim {
        by: Claimant::Binding(binding),
        first: binding.first,
        last: binding.last,
    }));
    claims.sort_by_key(|claim| (claim.first, claim.name(), claim.full_name()));
    claims
}

/// The port that a service listens on.
///
/// A contract without a switch, or without a duty besides the network, may list mere routes, and two
/// routes to one backend name its port twice.
fn port(model: &Model, service: &Service) -> Option<u16> {
    let roles = &model.contracts[service.contract].roles;
    roles.field(Role::Enable)?;
    let duties = [Role::State, Role::Backup, Role::Databases, Role::DependsOn];
    duties.iter().find_map(|duty| roles.field(*duty))?;
    let port = field(model, service)?.value.as_int()?;
    // Zero stands for "none" or "any free one".
    u16::try_from(port).ok().filter(|port| *port != 0)
}

/// The port of this machine to which the proxy sends the users of a service, where it is written out and
/// the service has data of its own: it is no further route to the backend of another one.
fn url_port(model: &Model, service: &Service) -> Option<u16> {
    let contract = &model.contracts[service.contract];
    let url = service.role(contract, Role::Url).filter(|url| url.value.is_literal)?;
    state(contract, service)?;
    local_port(url.value.as_str()?)?.parse().ok().filter(|port| *port != 0)
}

/// The known paths of a service's state; none where it has none, or may have others.
fn state<'m>(contract: &Contract, service: &'m Service) -> Option<Vec<&'m str>> {
    let state = service.role(contract, Role::State)?;
    let items = state.value.items();
    let directory = |item: &'m nixpact_contract::Located| {
        item.as_str().or_else(|| item.get("directory")?.as_str())
    };
    let paths: Option<Vec<&str>> = items.iter().map(directory).collect();
    paths.filter(|paths| !paths.is_empty() && state.value.unknown().is_none())
}

pub(super) fn field<'m>(model: &Model, service: &'m Service) -> Option<&'m Field> {
    service.role(&model.contracts[service.contract], Role::Port)
}

/// Whether two claims, which have a port in common, do not go together.
pub(super) fn collide(
    model: &Model,
    host: &Host,
    a: &Claim<'_>,
    b: &Claim<'_>,
) -> Option<Collision> {
    use Claimant::{Port, Url};
    match (a.by, b.by) {
        (Port(a), Port(b)) => services_collide(model, a, b).then_some(Collision::CERTAIN),
        (Port(service), Claimant::Binding(binding))
        | (Claimant::Binding(binding), Port(service)) => {
            service_and_binding(model, host, service, binding)
        }
        (Claimant::Binding(a), Claimant::Binding(b)) => bindings(model, host, a, b),
        (Url(a), Url(b)) => urls(model, a, b),
        (Url(route), Port(other)) | (Port(other), Url(route)) => {
            let is_other = !are_alike(&route.name, &other.name);
            is_other.then(|| route_to(&route.name, &other.name))
        }
        (Url(route), Claimant::Binding(binding)) | (Claimant::Binding(binding), Url(route)) => {
            let is_near = are_alike(&route.name, &binding.name)
                || route.spans.iter().any(|span| binding.files.contains(&span.file));
            let is_met = binding.address.overlaps(Address::LOOPBACK);
            let is_other = !is_near && is_met && binding.protocol == Protocol::Tcp;
            is_other.then(|| route_to(&route.name, &binding.name))
        }
    }
}

fn route_to(route: &str, other: &str) -> Collision {
    Collision::unless(format!("'{route}' is a route to '{other}'"))
}

/// Fields that say on which address a port is bound.
const ADDRESSES: &[&str] =
    &["address", "addr", "bind", "bindAddress", "host", "hostIp", "ip", "listenAddress"];

/// Further fields that say where a port is bound: it collides only with the same port there.
const PLACES: &[&str] = &[
    "container",
    "interface",
    "machine",
    "namespace",
    "network",
    "networkNamespace",
    "node",
    "pod",
    "protocol",
    "server",
    "vm",
];

/// What a field of the contract says of where a port is bound. A host name is no place, whatever the
/// field is called.
fn place<'m>(contract: &Contract, service: &'m Service, name: &str) -> Option<&'m Datum> {
    let at = contract.field(name)?;
    match contract.roles.role_of(at) {
        Some(_) => None,
        None => Some(&service.fields[at].value.datum),
    }
}

fn services_collide(model: &Model, a: &Service, b: &Service) -> bool {
    // While a service moves from one contract to another it stands in both.
    if a.name == b.name {
        return false;
    }
    let of = |service: &Service| &model.contracts[service.contract];
    ADDRESSES.iter().chain(PLACES).all(|name| {
        match (place(of(a), a, name), place(of(b), b, name)) {
            (None, None) => true,
            (Some(Datum::Unknown(_)), _) | (_, Some(Datum::Unknown(_))) => false,
            (a, b) => a == b,
        }
    })
}

fn service_and_binding(
    model: &Model,
    host: &Host,
    service: &Service,
    binding: &Binding,
) -> Option<Collision> {
    let contract = &model.contracts[service.contract];
    let is_elsewhere = PLACES.iter().any(|name| match place(contract, service, name) {
        None | Some(Datum::Null) => false,
        Some(Datum::Str(protocol)) if *name == "protocol" => {
            !protocol.eq_ignore_ascii_case(match binding.protocol {
                Protocol::Tcp => "tcp",
                Protocol::Udp => "udp",
            })
        }
        Some(_) => true,
    });
    let says_protocol = matches!(place(contract, service, "protocol"), Some(Datum::Str(_)));
    // The service of which it is a part has the same port.
    let is_part = host.enabled().any(|service| binding.parts_of.contains(&service.name));
    if is_elsewhere
        || is_part
        || (binding.protocol != Protocol::Tcp && !says_protocol)
        || binding.parts_of.contains(&service.name)
        || host.network.inside_containers.contains(&service.name)
    {
        return None;
    }
    let usual = usual_port(binding);
    match (address(contract, service), binding.address) {
        (Some(own), other) => own.overlaps(other).then_some(Collision { unless: usual }),
        (None, Address::Any) => Some(Collision { unless: usual }),
        // Behind a proxy of the same machine it listens there, or everywhere.
        (None, other) if other.is_loopback() => Some(Collision::unless(format!(
            "'{}' listens neither on {} nor on all addresses",
            service.name,
            match other {
                Address::One(address) => address.to_string(),
                Address::Any | Address::Unknown => "it".to_owned(),
            }
        ))),
        (None, Address::One(_) | Address::Unknown) => None,
    }
}

/// The address that the contract says.
fn address(contract: &Contract, service: &Service) -> Option<Address> {
    ADDRESSES.iter().find_map(|name| match place(contract, service, name)? {
        Datum::Null => None,
        Datum::Str(text) => Some(Address::parse(text)),
        _ => Some(Address::Unknown),
    })
}

fn bindings(model: &Model, host: &Host, a: &Binding, b: &Binding) -> Option<Collision> {
    let is_other = a.option != b.option && a.protocol == b.protocol;
    if !is_other || !a.address.overlaps(b.address) || is_said_of_services(model, host, a, b) {
        return None;
    }
    Some(Collision { unless: usual_port(a).or_else(|| usual_port(b)) })
}

/// Whether the services of which they are parts collide already.
fn is_said_of_services(model: &Model, host: &Host, a: &Binding, b: &Binding) -> bool {
    let of = |binding: &Binding| -> Vec<&Service> {
        host.enabled().filter(|service| binding.parts_of.contains(&service.name)).collect()
    };
    let (first, second) = (of(a), of(b));
    let collides =
        |service: &&Service, other| service_and_binding(model, host, service, other).is_some();
    match (first.is_empty(), second.is_empty()) {
        (true, true) => false,
        (false, true) => first.iter().any(|service| collides(service, b)),
        (true, false) => second.iter().any(|service| collides(service, a)),
        (false, false) => {
            first.iter().any(|first| second.iter().any(|it| services_collide(model, first, it)))
        }
    }
}

fn usual_port(binding: &Binding) -> Option<String> {
    (binding.kind == BindingKind::ServiceUsual)
        .then(|| format!("{} is configured to listen elsewhere", binding.option))
}

/// Two services whose users go to one port: both have data of their own, so that neither is likely to be
/// a further route to the other.
fn urls(model: &Model, a: &Service, b: &Service) -> Option<Collision> {
    let of = |service: &Service| &model.contracts[service.contract];
    let (first, second) = (state(of(a), a)?, state(of(b), b)?);
    let is_apart = first.iter().all(|path| !second.contains(path));
    (is_apart && !are_alike(&a.name, &b.name)).then(|| {
        Collision::unless(format!("'{}' and '{}' are two routes to one program", a.name, b.name))
    })
}
