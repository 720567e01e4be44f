use std::path::Path;

use nixpact_source::Sources;

use crate::uri::encoded;

/// `text` as a link to a file of the repository, for terminals that know OSC 8; as it is where the
/// repository is on no disk.
pub(crate) fn linked(sources: &Sources, path: &str, text: &str) -> String {
    match address(sources.root(), path) {
        Some(address) => format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"),
        None => text.to_owned(),
    }
}

fn address(root: &Path, path: &str) -> Option<String> {
    let root = root.to_str().filter(|root| root.starts_with('/'))?;
    let separator = if root.ends_with('/') { "" } else { "/" };
    Some(format!("file://{}", encoded(&format!("{root}{separator}{path}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_character_of_its_own_meaning() {
        let of = |root: &str, path: &str| address(Path::new(root), path);
        assert_eq!(of("/", "a.nix").unwrap(), "file:///a.nix");
        assert_eq!(
            of("/home/me", "a b/\u{7}#ü.nix").unwrap(),
            "file:///home/me/a%20b/%07%23%C3%BC.nix"
        );
        assert_eq!(of("", "a.nix"), None);
    }
}
