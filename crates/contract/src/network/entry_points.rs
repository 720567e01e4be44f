//! Traefik's entry points.

use nixpact_eval::{Evaluator, Value};
use nixpact_modules::Universe;

use super::{
    Address, BadPort, Binding, BindingKind, Network, PortForm, Protocol, Setting, files, members,
    node, value,
};
use crate::datum::located;

pub(super) fn add<'a>(ev: &Evaluator<'a>, universe: &'a Universe<'a>, network: &mut Network) {
    let Some(traefik) = node(ev, universe, &["services", "traefik"]) else { return };
    let Setting::Known(enable) = value(ev, traefik, &["enable"]) else { return };
    if !matches!(ev.force(enable), Ok(Value::Bool(true))) {
        return;
    }
    let path = ["services", "traefik", "staticConfigOptions", "entryPoints"];
    let Some(set) = node(ev, universe, &path) else { return };
    for (name, point) in members(ev, set) {
        let Setting::Known(address) = value(ev, point, &["address"]) else { continue };
        let address = located(ev, address);
        let Some(Parts { host, port, behind, protocol }) = address.as_str().and_then(split) else {
            continue;
        };
        let option = format!("{}.address", point.path);
        let Ok(port) = port.parse() else {
            if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() {
                let shown = port.to_owned();
                network.bad_ports.push(BadPort { option, shown, span: address.span });
            }
            continue;
        };
        network.bindings.push(Binding {
            name: name.as_str().to_owned(),
            setting: Some(option),
            form: PortForm::Address { before: host.to_owned(), behind: behind.to_owned() },
            option: point.path.to_string(),
            kind: BindingKind::EntryPoint,
            default_of: None,
            first: port,
            last: port,
            protocol,
            address: Address::parse(host),
            span: address.span,
            text: None,
            files: files(point),
            parts_of: Vec::new(),
        });
    }
}

/// `[address]:port[/protocol]`
#[derive(PartialEq, Debug)]
struct Parts<'t> {
    host: &'t str,
    port: &'t str,
    /// The protocol as it is written, with its slash.
    behind: &'t str,
    protocol: Protocol,
}

fn split(text: &str) -> Option<Parts<'_>> {
    let (address, behind) = text.split_at(text.find('/').unwrap_or(text.len()));
    let protocol = match behind {
        "" | "/tcp" => Protocol::Tcp,
        "/udp" => Protocol::Udp,
        _ => return None,
    };
    let (host, port) = address.rsplit_once(':')?;
    Some(Parts { host, port, behind, protocol })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_name_a_protocol() {
        let parts = |host, port, behind, protocol| Some(Parts { host, port, behind, protocol });
        assert_eq!(split(":80"), parts("", "80", "", Protocol::Tcp));
        assert_eq!(split("127.0.0.1:8080/tcp"), parts("127.0.0.1", "8080", "/tcp", Protocol::Tcp));
        assert_eq!(split("[::1]:53/udp"), parts("[::1]", "53", "/udp", Protocol::Udp));
        assert_eq!(split("80"), None);
        assert_eq!(split(":80/sctp"), None);
    }
}
