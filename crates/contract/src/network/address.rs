use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address on which something listens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Address {
    /// All addresses of the host: none given, `0.0.0.0` or `[::]`.
    Any,
    One(IpAddr),
    /// A name that is to be looked up, or a value that is not known.
    Unknown,
}

impl Address {
    pub const LOOPBACK: Address = Address::One(IpAddr::V4(Ipv4Addr::LOCALHOST));

    /// From the text of an address, with or without brackets.
    pub fn parse(text: &str) -> Address {
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        match inner {
            "" | "*" => Address::Any,
            "localhost" => Address::LOOPBACK,
            _ => match inner.parse() {
                Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED) | IpAddr::V6(Ipv6Addr::UNSPECIFIED)) => {
                    Address::Any
                }
                Ok(address) => Address::One(address),
                Err(_) => Address::Unknown,
            },
        }
    }

    /// Whether nobody else can listen there on the same port.
    pub fn overlaps(self, other: Address) -> bool {
        match (self, other) {
            (Address::Any, _) | (_, Address::Any) => true,
            (Address::One(a), Address::One(b)) => a == b,
            (Address::Unknown, _) | (_, Address::Unknown) => false,
        }
    }

    pub fn is_loopback(self) -> bool {
        matches!(self, Address::One(address) if address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn overlap(a: &str, b: &str) -> bool {
        let (a, b) = (Address::parse(a), Address::parse(b));
        assert_eq!(a.overlaps(b), b.overlaps(a));
        a.overlaps(b)
    }

    #[test]
    fn all_addresses_overlap_each() {
        for any in ["", "0.0.0.0", "[::]", "::", "*"] {
            for other in ["", "0.0.0.0", "127.0.0.1", "[::1]", "192.168.1.2", "db.example.org"] {
                assert!(overlap(any, other), "{any} {other}");
            }
        }
    }

    #[test]
    fn one_address_overlaps_itself() {
        assert!(overlap("localhost", "127.0.0.1"));
        assert!(overlap("[2001:db8::1]", "2001:db8:0::1"));
        assert!(!overlap("127.0.0.1", "192.168.1.2"));
        assert!(!overlap("127.0.0.1", "::1"));
        assert!(!overlap("127.0.0.1", "127.0.0.2"));
        assert!(!overlap("db.example.org", "db.example.org"));
    }
}
