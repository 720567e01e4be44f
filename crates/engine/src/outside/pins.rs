//! Which nixpkgs a repository without a flake pins, by npins, niv or lon.

use nixpact_source::Sources;
use serde_json::Value;

/// Where they keep what they pin.
pub(super) const FILES: &[&str] =
    &["npins/sources.json", "nix/sources.json", "lon.lock", "nix/npins/sources.json"];

/// The pin that is called `nixpkgs`.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Pin {
    pub file: &'static str,
    /// The hash of its tree, as it is written.
    pub hash: String,
}

/// The pin of nixpkgs in the first file that has one.
pub(super) fn nixpkgs(sources: &Sources) -> Option<Pin> {
    let pin = |file: &&'static str| {
        let pins = serde_json::from_str(&sources.read_any(file)?).ok()?;
        Some(Pin { file, hash: hash(&pins)?.to_owned() })
    };
    FILES.iter().find_map(pin)
}

/// niv has the pins at the top, npins and lon below a name.
fn hash(pins: &Value) -> Option<&str> {
    [&pins["pins"], &pins["sources"], pins]
        .into_iter()
        .map(|pins| &pins["nixpkgs"])
        .find_map(|pin| pin["hash"].as_str().or_else(|| pin["sha256"].as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(files: &[(&str, &str)]) -> Option<Pin> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        nixpkgs(&Sources::from_memory(files))
    }

    #[test]
    fn the_pin_of_nixpkgs_is_found_as_each_writes_it() {
        for (file, text) in [
            (
                "npins/sources.json",
                r#"{ "pins": { "nixpkgs": { "type": "Channel", "hash": "0a" } }, "version": 5 }"#,
            ),
            ("nix/sources.json", r#"{ "nixpkgs": { "type": "tarball", "sha256": "0a" } }"#),
            ("lon.lock", r#"{ "version": "1", "sources": { "nixpkgs": { "hash": "0a" } } }"#),
        ] {
            let found = pin(&[(file, text)]);
            assert_eq!(found.map(|pin| (pin.file, pin.hash)), Some((file, "0a".to_owned())));
        }
    }

    #[test]
    fn what_pins_no_nixpkgs_tells_none() {
        let other = r#"{ "pins": { "disko": { "hash": "0a" } } }"#;
        for text in ["", "[", "{}", "[]", r#"{ "nixpkgs": { "hash": 1 } }"#, other] {
            assert_eq!(pin(&[("npins/sources.json", text)]), None, "{text}");
        }
        let niv = r#"{ "nixpkgs": { "sha256": "0b" } }"#;
        let found = pin(&[("npins/sources.json", other), ("nix/sources.json", niv)]);
        assert_eq!(found.map(|pin| pin.hash), Some("0b".to_owned()));
    }
}
