use std::fmt::Write;

/// A path with `/` as part of a URI: all but unreserved characters (RFC 3986, section 2.3) and `/` is
/// percent-encoded, so that neither `#`, `?` and `%` nor a `:` in the first segment mean something.
pub(crate) fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_path_stays_a_path() {
        assert_eq!(encoded("modules/a_b-c.~1/default.nix"), "modules/a_b-c.~1/default.nix");
        assert_eq!(encoded("c: a#b?/50%/ü.nix"), "c%3A%20a%23b%3F/50%25/%C3%BC.nix");
    }
}
