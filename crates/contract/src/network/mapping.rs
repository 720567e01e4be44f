//! The text with which a port of a container is published, as `podman run --publish` and
//! `docker run --publish` read it.

use std::ops::Range;

use super::{Address, Protocol};

/// `[[address:][host port]:]container port[/protocol]`, of which what concerns the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mapping {
    pub address: Address,
    pub first: u16,
    pub last: u16,
    pub protocol: Protocol,
    /// The bytes of the host's port in the text.
    pub text: Range<usize>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Published {
    At(Mapping),
    /// Some free port of the host.
    Anywhere,
    /// It names a port that there is not.
    OutOfRange(String),
    NotUnderstood,
}

/// Reads it.
pub(super) fn parse(text: &str) -> Published {
    let (ports, protocol) = match text.rsplit_once('/') {
        None => (text, Protocol::Tcp),
        Some((ports, "tcp")) => (ports, Protocol::Tcp),
        Some((ports, "udp")) => (ports, Protocol::Udp),
        Some(_) => return Published::NotUnderstood,
    };
    let Some((before, container)) = ports.rsplit_once(':') else {
        return match range(ports) {
            Ok(_) => Published::Anywhere,
            Err(problem) => problem,
        };
    };
    if let Err(problem) = range(container) {
        return problem;
    }
    let (address, host) = match before.rsplit_once(':') {
        // An address of IPv6 stands in brackets.
        Some((address, _)) if address.contains(':') && !address.starts_with('[') => {
            return Published::NotUnderstood;
        }
        Some((address, host)) => (Address::parse(address), host),
        None => (Address::Any, before),
    };
    if host.is_empty() {
        return Published::Anywhere;
    }
    match range(host) {
        Ok((0, 0)) => Published::Anywhere,
        Ok((first, last)) => {
            let start = before.len() - host.len();
            Published::At(Mapping { address, first, last, protocol, text: start..before.len() })
        }
        Err(problem) => problem,
    }
}

/// `8080` or `8000-8010`.
fn range(text: &str) -> Result<(u16, u16), Published> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (port(first)?, port(last)?);
    if first <= last { Ok((first, last)) } else { Err(Published::NotUnderstood) }
}

fn port(text: &str) -> Result<u16, Published> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Published::NotUnderstood);
    }
    text.parse().map_err(|_| Published::OutOfRange(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (Address, u16, u16, Protocol, &str) {
        match parse(text) {
            Published::At(it) => (it.address, it.first, it.last, it.protocol, &text[it.text]),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_host_is_before_the_container() {
        use Protocol::{Tcp, Udp};
        assert_eq!(at("8080:80"), (Address::Any, 8080, 8080, Tcp, "8080"));
        assert_eq!(at("8080:80/udp"), (Address::Any, 8080, 8080, Udp, "8080"));
        assert_eq!(at("127.0.0.1:8080:80/tcp"), (Address::LOOPBACK, 8080, 8080, Tcp, "8080"));
        assert_eq!(at("8000-8010:9000-9010"), (Address::Any, 8000, 8010, Tcp, "8000-8010"));
        assert_eq!(at("[::1]:80:80").0, Address::parse("::1"));
        assert_eq!(at("[::]:80:81"), (Address::Any, 80, 80, Tcp, "80"));
    }

    #[test]
    fn not_every_text_names_a_port_of_the_host() {
        assert_eq!(parse("80"), Published::Anywhere);
        assert_eq!(parse("127.0.0.1::80"), Published::Anywhere);
        assert_eq!(parse("0:80"), Published::Anywhere);
        assert_eq!(parse("70000:80"), Published::OutOfRange("70000".to_owned()));
        assert_eq!(parse("80:70000/udp"), Published::OutOfRange("70000".to_owned()));
        for text in ["", ":", "a:b", "80:80/sctp", "90-80:1", "::1:80:80", "80:", "-:1", "8_0:80"] {
            assert_eq!(parse(text), Published::NotUnderstood, "{text}");
        }
    }
}
