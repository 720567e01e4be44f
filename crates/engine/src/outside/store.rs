//! Where a tree of a known hash lies in the store.

use std::fmt::Write as _;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

const STORE: &str = "/nix/store";

/// The path of a tree by the hash of its archive, `narHash`; `None` where that is no SHA-256.
pub(super) fn path(hash: &str, name: &str) -> Option<PathBuf> {
    Some(fixed_output(&sha256_of(hash)?, name))
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
}
