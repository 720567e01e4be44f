//! The address of a backend.

/// The port that a text such as `http://127.0.0.1:8096/web` names on this very machine.
///
/// `None` where it names none, or another machine.
pub(super) fn local_port(url: &str) -> Option<&str> {
    let (host, port) = host_and_port(url)?;
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0").then_some(port)
}

/// The port that a text such as `http://nas:8096` names on any machine.
pub(super) fn port(url: &str) -> Option<&str> {
    host_and_port(url).map(|(_, port)| port)
}

fn host_and_port(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = authority.rsplit_once(':')?;
    // The colons of an address of IPv6 stand in brackets.
    let is_host = !host.contains(':') || host.ends_with(']');
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (is_host && is_port).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::{local_port, port};

    #[test]
    fn only_this_machine_has_local_ports() {
        assert_eq!(local_port("http://127.0.0.1:8096"), Some("8096"));
        assert_eq!(local_port("https://localhost:8443/web?a=b:1"), Some("8443"));
        assert_eq!(local_port("http://[::1]:80/"), Some("80"));
        for url in ["http://nas:80", "http://127.0.0.1", "http://127.0.0.1:/x", "8096", "::1:80"] {
            assert_eq!(local_port(url), None, "{url}");
        }
    }

    #[test]
    fn a_port_stands_behind_the_host() {
        assert_eq!(port("http://nas:70000/a"), Some("70000"));
        assert_eq!(port("http://[2001:db8::1]:80"), Some("80"));
        assert_eq!(port("http://[2001:db8::1]"), None);
        assert_eq!(port("http://2001:db8::1"), None);
    }
}
