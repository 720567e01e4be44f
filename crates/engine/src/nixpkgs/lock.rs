//! Where the nixpkgs that `flake.lock` pins lies in the store.

use std::fmt::Write as _;
use std::path::PathBuf;

use nixpact_source::{LoadError, Sources};
use serde_json::Value;
use sha2::{Digest, Sha256};

const FILE: &str = "flake.lock";
const INPUT: &str = "nixpkgs";
const STORE: &str = "/nix/store";

/// Inputs that follow each other are followed this far.
const MAX_FOLLOWS: usize = 64;

/// The directory of the input `nixpkgs` in the store of this machine.
///
/// # Errors
///
/// When the lock file is not there or pins no such input, or the store does not hold it.
pub(super) fn store_path(sources: &Sources) -> Result<PathBuf, LoadError> {
    let failed =
        |problem: String, remedy| LoadError { path: sources.root().join(FILE), problem, remedy };
    let text = sources.read_any(FILE).ok_or_else(|| {
        failed(
            "cannot be read".to_owned(),
            "run nix flake lock, or name a checkout with --nixpkgs PATH",
        )
    })?;
    let path = pinned(&text).map_err(|problem| {
        failed(problem, "lock the input nixpkgs, or name a checkout with --nixpkgs PATH")
    })?;
    match path.is_dir() {
        true => Ok(path),
        false => Err(LoadError {
            path,
            problem: "the nixpkgs that flake.lock pins is not in the store".to_owned(),
            remedy: "run nix flake archive, or name a checkout with --nixpkgs PATH",
        }),
    }
}

/// The store path of the input `nixpkgs` of the root.
fn pinned(text: &str) -> Result<PathBuf, String> {
    let lock: Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    let nodes = &lock["nodes"];
    let root = lock["root"].as_str().ok_or("it has no root")?;
    let node = input(nodes, root, root, INPUT, MAX_FOLLOWS)
        .ok_or_else(|| format!("it pins no input '{INPUT}'"))?;
    let locked = &nodes[node]["locked"];
    let hash = locked["narHash"].as_str().and_then(sha256_of);
    let hash = hash.ok_or_else(|| format!("the input '{INPUT}' has no narHash of sha256"))?;
    Ok(fixed_output(&hash, locked["name"].as_str().unwrap_or("source")))
}

/// The node of an input: by its name, or by the path of another input, from the root, that it follows.
fn input<'n>(
    nodes: &'n Value,
    root: &'n str,
    node: &str,
    name: &str,
    depth: usize,
) -> Option<&'n str> {
    let depth = depth.checked_sub(1)?;
    match &nodes[node]["inputs"][name] {
        Value::String(node) => Some(node),
        Value::Array(path) => {
            path.iter().try_fold(root, |node, name| input(nodes, root, node, name.as_str()?, depth))
        }
        _ => None,
    }
}

/// The digest of a hash such as `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=`.
fn sha256_of(hash: &str) -> Option<[u8; 32]> {
    let text = hash.strip_prefix("sha256-")?.trim_end_matches('=');
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes.try_into().ok()
}

/// The store path of a tree with this hash of its archive (`makeFixedOutputPath`).
fn fixed_output(hash: &[u8; 32], name: &str) -> PathBuf {
    let mut hex = String::new();
    for byte in hash {
        let _ = write!(hex, "{byte:02x}");
    }
    let digest = Sha256::digest(format!("source:sha256:{hex}:{STORE}:{name}"));
    // What is too long is folded (`compressHash`).
    let mut folded = [0u8; 20];
    for (at, byte) in digest.iter().enumerate() {
        folded[at % 20] ^= byte;
    }
    PathBuf::from(format!("{STORE}/{}-{name}", base32(&folded)))
}

/// As Nix writes it: the last digit first, and no `e`, `o`, `t` and `u`.
fn base32(bytes: &[u8; 20]) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
    let digit = |at: usize| {
        let (byte, bit) = (at * 5 / 8, at * 5 % 8);
        let next = bytes.get(byte + 1).copied().unwrap_or(0);
        let pair = u16::from(bytes[byte]) | u16::from(next) << 8;
        char::from(DIGITS[usize::from(pair >> bit & 31)])
    };
    (0..32).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `nix-store --print-fixed-path --recursive sha256 HASH source`
    const KNOWN: &[(&str, &str)] = &[
        (
            "sha256-UDE63d3mA0sesL/+a7qTpe+SK18BPvvZV4H3/MWNs/c=",
            "/nix/store/jzx8cmzn0xzv6syalf858ax83mzrfxh4-source",
        ),
        (
            "sha256-w+fTSHSNAEd1sGK9nwRU4GHhcp2owIvnQDLNxA6iyU8=",
            "/nix/store/bsavmcrlgw30d5kp8w4gi43k9kirzl3i-source",
        ),
        (
            "sha256-Ruz/5Rp71dB0rWBho2D0rS8XEkx8CuM8YP3qEhaf0uc=",
            "/nix/store/fh2y3y3j4md01gjcg0a17qcx7hifl590-source",
        ),
    ];

    #[test]
    fn the_store_path_is_that_of_nix() {
        for (hash, path) in KNOWN {
            let hash = sha256_of(hash).expect("a hash");
            assert_eq!(fixed_output(&hash, "source"), PathBuf::from(path));
        }
        assert!(sha256_of("sha256-AAAA").is_none() && sha256_of("sha512-AAAA").is_none());
        assert!(sha256_of("sha256-!").is_none());
    }

    #[test]
    fn an_input_may_follow_another() {
        let hash = KNOWN[0].0;
        let lock = |inputs: &str| {
            format!(
                r#"{{ "nodes": {{ "root": {{ "inputs": {inputs} }},
                   "home": {{ "inputs": {{ "nixpkgs": ["other"] }} }},
                   "n_2": {{ "locked": {{ "narHash": "{hash}" }} }} }}, "root": "root", "version": 7 }}"#
            )
        };
        let path = PathBuf::from(KNOWN[0].1);
        for inputs in [
            r#"{ "nixpkgs": "n_2" }"#,
            r#"{ "nixpkgs": ["home", "nixpkgs"], "home": "home", "other": "n_2" }"#,
        ] {
            assert_eq!(pinned(&lock(inputs)), Ok(path.clone()));
        }
        for inputs in ["{}", r#"{ "nixpkgs": ["nixpkgs"] }"#, r#"{ "nixpkgs": [3] }"#] {
            assert_eq!(pinned(&lock(inputs)).unwrap_err(), "it pins no input 'nixpkgs'");
        }
        let home = pinned(&lock(r#"{ "nixpkgs": "home" }"#)).unwrap_err();
        assert_eq!(home, "the input 'nixpkgs' has no narHash of sha256");
        assert!(pinned("{").unwrap_err().starts_with("no JSON"));
    }
}
