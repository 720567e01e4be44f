//! Ports that containers and pods publish.

use nixpact_eval::{Evaluator, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::Span;

use super::PortForm;
use super::mapping::{self, Published};
use super::{
    Address, BadPort, Binding, BindingKind, Container, Network, Protocol, Setting, files, members,
    node, value,
};
use crate::datum::{Located, located};

/// A kind of container: where its members are, and what each of them says.
pub(super) struct Kind {
    pub set: &'static [&'static str],
    ports: &'static [&'static str],
    /// Lists in which a member of [`HOST_NETWORK`] stands for the network of the host.
    networks: &'static [&'static [&'static str]],
}

pub(super) const KINDS: &[Kind] = &[
    Kind {
        set: &["virtualisation", "oci-containers", "containers"],
        ports: &["ports"],
        networks: &[&["networks"], &["extraOptions"]],
    },
    Kind {
        set: &["virtualisation", "quadlet", "containers"],
        ports: &["containerConfig", "publishPorts"],
        networks: &[&["containerConfig", "networks"], &["containerConfig", "podmanArgs"]],
    },
    Kind {
        set: &["virtualisation", "quadlet", "pods"],
        ports: &["podConfig", "publishPorts"],
        networks: &[&["podConfig", "networks"]],
    },
];

const HOST_NETWORK: &[&str] =
    &["host", "--network=host", "--net=host", "--network host", "--net host"];

pub(super) fn add<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    kind: &Kind,
    network: &mut Network,
) {
    let Some(set) = node(ev, universe, kind.set) else { return };
    for (name, container) in members(ev, set) {
        let name = name.as_str().to_owned();
        let files = files(container);
        let is_on_host = is_on_host(ev, container, kind);
        let place = Binding {
            name: name.clone(),
            option: container.path.to_string(),
            setting: Some(format!("{}.{}", container.path, kind.ports.join("."))),
            form: PortForm::Publication,
            kind: BindingKind::Published,
            default_of: None,
            first: 0,
            last: 0,
            protocol: Protocol::Tcp,
            address: Address::Any,
            span: None,
            text: None,
            files: files.clone(),
            parts_of: Vec::new(),
        };
        network.containers.push(Container { name, files, is_on_host });
        // Podman and Docker publish nothing of a container on the network of the host.
        if !is_on_host
            && starts_by_itself(ev, container)
            && let Setting::Known(listed) = value(ev, container, kind.ports)
        {
            for port in located(ev, listed).items() {
                published(port, &place, network);
            }
        }
    }
}

/// Whether it may use the network of the host.
fn is_on_host<'a>(ev: &Evaluator<'a>, container: &'a Node<'a>, kind: &Kind) -> bool {
    kind.networks.iter().any(|path| match value(ev, container, path) {
        Setting::Absent => false,
        Setting::Unknown => true,
        Setting::Known(list) => {
            let list = located(ev, list);
            list.items().iter().any(|item| match item.as_str() {
                Some(text) => HOST_NETWORK.contains(&text),
                None => true,
            })
        }
    })
}

/// One that is started by hand may never meet the others.
fn starts_by_itself<'a>(ev: &Evaluator<'a>, container: &'a Node<'a>) -> bool {
    match value(ev, container, &["autoStart"]) {
        Setting::Absent => true,
        Setting::Known(value) => matches!(ev.force(value), Ok(Value::Bool(true))),
        Setting::Unknown => false,
    }
}

fn published(port: &Located, place: &Binding, network: &mut Network) {
    let Some(text) = port.as_str() else { return };
    match mapping::parse(text) {
        Published::At(mapping) => {
            let literal = port.span.filter(|_| port.is_literal);
            network.bindings.push(Binding {
                first: mapping.first,
                last: mapping.last,
                protocol: mapping.protocol,
                address: mapping.address,
                span: port.span,
                text: literal.map(|span| {
                    // Behind the quotation mark.
                    let start = span.start + 1 + mapping.text.start as u32;
                    Span::new(span.file, start, start + mapping.text.len() as u32)
                }),
                ..place.clone()
            });
        }
        Published::OutOfRange(shown) => {
            let option = place.setting.clone().unwrap_or_default();
            network.bad_ports.push(BadPort { option, shown, span: port.span });
        }
        Published::Anywhere | Published::NotUnderstood => {}
    }
}

/// `containers.<name>.forwardPorts`, which counts only with a network of its own.
pub(super) fn nixos_containers<'a>(
    ev: &Evaluator<'a>,
    universe: &'a Universe<'a>,
    network: &mut Network,
) {
    let Some(set) = node(ev, universe, &["containers"]) else { return };
    for (name, container) in members(ev, set) {
        let is_true = |path: &[&str]| match value(ev, container, path) {
            Setting::Known(value) => matches!(ev.force(value), Ok(Value::Bool(true))),
            _ => false,
        };
        let Setting::Known(listed) = value(ev, container, &["forwardPorts"]) else { continue };
        if !is_true(&["autoStart"]) || !is_true(&["privateNetwork"]) {
            continue;
        }
        for forward in located(ev, listed).items() {
            let Some(port) = forward.get("hostPort") else { continue };
            let Some(number) = port.as_int().and_then(|port| u16::try_from(port).ok()) else {
                continue;
            };
            let protocol = match forward.get("protocol").map(|protocol| protocol.as_str()) {
                None | Some(Some("tcp")) => Protocol::Tcp,
                Some(Some("udp")) => Protocol::Udp,
                Some(_) => continue,
            };
            network.bindings.push(Binding {
                name: name.as_str().to_owned(),
                option: container.path.to_string(),
                setting: Some(format!("{}.forwardPorts", container.path)),
                form: PortForm::Publication,
                kind: BindingKind::Published,
                default_of: None,
                first: number,
                last: number,
                protocol,
                address: Address::Any,
                span: port.span,
                text: port.span.filter(|_| port.is_literal),
                files: files(container),
                parts_of: Vec::new(),
            });
        }
    }
}
