//! Traefik's entry points.

use nixpact_eval::{Evaluator, Value};
use nixpact_modules::Universe;

use super::{
    Address, BadPort, Binding, BindingKind, Network, Protocol, Setting, files, members, node, value,
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
        let Some((host, port, protocol)) = address.as_str().and_then(split) else { continue };
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
fn split(text: &str) -> Option<(&str, &str, Protocol)> {
    let (text, protocol) = match text.split_once('/') {
        None | Some((_, "tcp")) => (text.trim_end_matches("/tcp"), Protocol::Tcp),
        Some((text, "udp")) => (text, Protocol::Udp),
        Some(_) => return None,
    };
    let (host, port) = text.rsplit_once(':')?;
    Some((host, port, protocol))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_name_a_protocol() {
        assert_eq!(split(":80"), Some(("", "80", Protocol::Tcp)));
        assert_eq!(split("127.0.0.1:8080/tcp"), Some(("127.0.0.1", "8080", Protocol::Tcp)));
        assert_eq!(split("[::1]:53/udp"), Some(("[::1]", "53", Protocol::Udp)));
        assert_eq!(split("80"), None);
    }
}
