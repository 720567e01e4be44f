//! Services of NixOS itself, on the ports that their options or nixpkgs' defaults say.

use nixpact_eval::{Evaluator, Value};
use nixpact_modules::{Node, Universe};
use nixpact_source::Span;
use nixpact_syntax::Symbol;

use super::known_ports::{KNOWN_PORTS, KnownPort, PortOption};
use super::{Address, Binding, BindingKind, Network, PortForm, Setting, files, node, value};
use crate::datum::{Datum, Located, located};

pub(super) fn add<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, network: &mut Network) {
    let Some(services) = node(ev, universe, &["services"]) else { return };
    for known in KNOWN_PORTS {
        let mut path = known.service.split('.');
        let service = path.try_fold(services, |node, name| node.child(ev, Symbol::new(name)));
        // A module of the repository may stand in the place of nixpkgs' one.
        let is_of_nixpkgs = |service: &&'a Node<'a>| {
            let enable = service.child(ev, Symbol::new("enable"));
            enable.is_none_or(|enable| !enable.is_declared_inside())
        };
        if let Some(service) = service.filter(is_of_nixpkgs)
            && let Setting::Known(enable) = value(ev, service, &["enable"])
            && matches!(ev.force(enable), Ok(Value::Bool(true)))
        {
            network.bindings.extend(binding(ev, service, known));
        }
    }
}

fn binding<'a>(
    ev: &Evaluator<'a>,
    service: &'a Node<'a>,
    known: &'static KnownPort,
) -> Option<Binding> {
    let enabled = service.child(ev, Symbol::new("enable"))?;
    let enabled = enabled.definitions.iter().find_map(|raw| raw.span);
    if first(ev, service, known.open)?.is_some() {
        return None;
    }
    let (port, address, form) = match known.port_option {
        PortOption::None => (None, None, known.form.into()),
        PortOption::Number(paths) => (first(ev, service, paths)?, None, known.form.into()),
        PortOption::Listen(path) => match first(ev, service, &[path])? {
            None => (None, None, listen_form(known.address)),
            Some(listen) => {
                let (address, port) = listen.as_str()?.rsplit_once(':')?;
                let form = listen_form(address);
                let address = Address::parse(address);
                let port = port.parse().ok().map(Datum::Int)?;
                (Some(Located { datum: port, is_literal: false, ..listen }), Some(address), form)
            }
        },
    };
    let number = match &port {
        None => known.port,
        // Zero is any free one.
        Some(port) => u16::try_from(number(port)?).ok().filter(|number| *number != 0)?,
    };
    let address = match address {
        Some(address) => address,
        None => match first(ev, service, known.address_options) {
            Some(None) => Address::parse(known.address),
            Some(Some(address)) => address.as_str().map_or(Address::Unknown, Address::parse),
            None => Address::Unknown,
        },
    };
    let span: Option<Span> = port.as_ref().map_or(enabled, |port| port.span);
    let mut files = files(service);
    files.extend(span.map(|span| span.file).filter(|file| !files.contains(file)));
    Some(Binding {
        name: known.service.rsplit('.').next().unwrap_or(known.service).to_owned(),
        option: service.path.to_string(),
        setting: known.port_option.path().map(|path| format!("{}.{}", service.path, path)),
        form,
        kind: match port {
            _ if known.is_usual => BindingKind::ServiceUsual,
            Some(_) => BindingKind::Service,
            None => BindingKind::ServiceDefault,
        },
        default_of: port.is_none().then_some(known.module),
        first: number,
        last: number,
        protocol: known.protocol,
        address,
        span,
        text: port.and_then(|port| port.span.filter(|_| port.is_literal)),
        files,
        parts_of: Vec::new(),
    })
}

/// `ADDRESS:PORT`
fn listen_form(address: &str) -> PortForm {
    PortForm::Address { before: address.to_owned(), behind: String::new() }
}

/// The value of the first of these options that is set: `None` where one may be, `Some(None)` where none
/// is.
fn first<'a>(ev: &Evaluator<'a>, service: &'a Node<'a>, paths: &[&str]) -> Option<Option<Located>> {
    for path in paths {
        match value(ev, service, &path.split('.').collect::<Vec<_>>()) {
            Setting::Absent => {}
            Setting::Known(value) => return Some(Some(located(ev, value))),
            Setting::Unknown => return None,
        }
    }
    Some(None)
}

fn number(port: &Located) -> Option<i64> {
    match &port.datum {
        Datum::Int(port) => Some(*port),
        Datum::Str(text) => text.parse().ok(),
        _ => None,
    }
}
