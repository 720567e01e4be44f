//! What listens on the ports of a host besides the services of its contract: published ports of
//! containers, Traefik's entry points, and services of NixOS itself.

mod address;
mod containers;
mod entry_points;
mod known_ports;
mod mapping;
pub(crate) mod mentions;
pub(crate) mod middlewares;
mod nixos;
mod port_form;
mod related;

use nixpact_eval::{Evaluator, Stop, Thunk, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::{FileId, Span};
use nixpact_syntax::Symbol;

pub use address::Address;
pub use port_form::PortForm;
pub use related::are_alike;
pub(crate) use related::relate;

use crate::datum::{Located, located};
use crate::reuse::HostParts;

/// Something that listens on a port, or on a range of ports, of the host.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Its name, such as that of the container.
    pub name: String,
    /// The option that makes it listen, such as `virtualisation.oci-containers.containers.web`.
    pub option: String,
    /// The option that says the port, where there is one.
    pub setting: Option<String>,
    /// How it says the port.
    pub form: PortForm,
    pub kind: BindingKind,
    /// The file of nixpkgs that declares its port, below `nixos/modules/services`, where none is set.
    pub default_of: Option<&'static str>,
    pub first: u16,
    /// At least `first`.
    pub last: u16,
    pub protocol: Protocol,
    pub address: Address,
    /// Where the port is written, or what makes it listen on the default one.
    pub span: Option<Span>,
    /// The text of the port on the host, where it is a literal that could be written anew.
    pub text: Option<Span>,
    /// The modules that define it.
    pub files: Vec<FileId>,
    /// Services of the contract that have one of its ports and of which it may well be a part, by name.
    pub parts_of: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BindingKind {
    /// A container or a pod that publishes it.
    Published,
    /// An entry point of Traefik.
    EntryPoint,
    /// A service of NixOS whose port is set.
    Service,
    /// A service of NixOS on the port that its option has by default.
    ServiceDefault,
    /// A service of NixOS whose port or address its own configuration may change.
    ServiceUsual,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    Tcp,
    Udp,
}

/// A port that no protocol has.
#[derive(Clone, Debug)]
pub struct BadPort {
    /// The option whose value it is.
    pub option: String,
    /// The text that names it.
    pub shown: String,
    pub span: Option<Span>,
}

/// The ports of a host, besides those of its contract.
#[derive(Clone, Default, Debug)]
pub struct Network {
    /// By option; those of which the port is known.
    pub bindings: Vec<Binding>,
    pub bad_ports: Vec<BadPort>,
    pub(crate) containers: Vec<Container>,
    /// Services that run in containers of which none has their port on the host, as far as hints tell,
    /// by name; looked for among those whose port something else has.
    pub inside_containers: Vec<String>,
    /// What `networking.firewall` lets through, TCP and UDP, as far as it is known.
    pub open_ports: Vec<Located>,
}

/// A container, whether or not it publishes a port.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    pub name: String,
    pub files: Vec<FileId>,
    /// It may use the network of the host.
    pub is_on_host: bool,
}

impl Network {
    fn extend(&mut self, more: Network) {
        let Network { bindings, bad_ports, containers, inside_containers, open_ports } = more;
        self.bindings.extend(bindings);
        self.bad_ports.extend(bad_ports);
        self.containers.extend(containers);
        self.inside_containers.extend(inside_containers);
        self.open_ports.extend(open_ports);
    }
}

/// Reads what is known of them.
pub(crate) fn network<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    parts: HostParts<'_>,
) -> Network {
    let mut network = Network::default();
    let mut add = |path: &str, read: &dyn Fn(&mut Network)| {
        network.extend(parts.network(ev, path, || {
            let mut part = Network::default();
            read(&mut part);
            part
        }));
    };
    for kind in containers::KINDS {
        add(&kind.set.join("."), &|network| containers::add(ev, universe, kind, network));
    }
    add("containers", &|network| containers::nixos_containers(ev, universe, network));
    add("services.traefik", &|network| entry_points::add(ev, universe, network));
    add("services", &|network| nixos::add(ev, universe, network));
    add("networking.firewall", &|network| open_ports(ev, universe, network));
    network
}

fn open_ports<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, network: &mut Network) {
    for name in ["allowedTCPPorts", "allowedUDPPorts"] {
        let path = ["networking", "firewall", name];
        if let Some(node) = node(ev, universe, &path) {
            let ports = located(ev, node.value(ev));
            network.open_ports.extend(ports.items().iter().cloned());
        }
    }
}

fn node<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, path: &[&str]) -> Option<&'a Node<'a>> {
    path.iter().try_fold(universe.root(ev), |node, name| node.child(ev, Symbol::new(name)))
}

/// The members of a set that are there for sure, sorted by name.
fn members<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>) -> Vec<(Symbol, &'a Node<'a>)> {
    let Ok(Value::Attrs(attrs)) = ev.force(node.value(ev)) else { return Vec::new() };
    let there = attrs.sorted();
    there.iter().filter_map(|attr| Some((attr.name, node.child(ev, attr.name)?))).collect()
}

/// A value below a place, when it is surely that one.
fn value<'a>(ev: &Evaluator<'a>, node: &'a Node<'a>, path: &[&str]) -> Setting<'a> {
    let mut node = node;
    for name in path {
        match node.child(ev, Symbol::new(name)) {
            Some(child) => node = child,
            // A place that some other value stands at has none below it.
            None if node.opaque(ev).is_some() => return Setting::Unknown,
            None => return Setting::Absent,
        }
    }
    let value = node.value(ev);
    match ev.force(value) {
        Ok(Value::Null) => Setting::Absent,
        Ok(_) => Setting::Known(value),
        Err(Stop::Unknown(_) | Stop::Error(_)) => Setting::Unknown,
    }
}

/// What the repository says of an option that it does not declare.
#[derive(Clone, Copy)]
enum Setting<'a> {
    /// Nothing, or `null`.
    Absent,
    Known(&'a Thunk<'a>),
    Unknown,
}

/// The modules that define something at a place.
fn files(node: &Node<'_>) -> Vec<FileId> {
    let mut files: Vec<FileId> = node.definitions.iter().filter_map(|raw| raw.file).collect();
    // A name may be written in another file than the one that is imported.
    files.extend(node.definitions.iter().filter_map(|raw| raw.span).map(|span| span.file));
    files.sort_unstable();
    files.dedup();
    files
}
