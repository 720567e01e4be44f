//! Where a tree of a known hash lies in the store.

use std::fmt::Write as _;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

const STORE: &str = "/nix/store";

/// The path of a tree by the hash of its archive, `narHash`; `None` where that is no SHA-256.
pub(super) fn path(hash: &str, name: &str) -> Option<PathBuf> {
    Some(fixed_output(&sha256_of(hash)?, name))
}

/// The digest of a hash as Nix writes it: `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=`, or without its kind in
/// base 32 or 16, which may have `sha256:` before it.
fn sha256_of(hash: &str) -> Option<[u8; 32]> {
    let bytes = match (hash.strip_prefix("sha256-"), hash.strip_prefix("sha256:").unwrap_or(hash)) {
        (Some(text), _) => {
            let text = text.trim_end_matches('=');
            digits(text.bytes(), 6, |letter| match letter {
                b'A'..=b'Z' => Some(letter - b'A'),
                b'a'..=b'z' => Some(letter - b'a' + 26),
                b'0'..=b'9' => Some(letter - b'0' + 52),
                b'+' => Some(62),
                b'/' => Some(63),
                _ => None,
            })?
        }
        (None, text) if text.len() == 64 => {
            digits(text.bytes(), 4, |letter| char::from(letter).to_digit(16).map(|it| it as u8))?
        }
        (None, text) if text.len() == 52 => from_base32(text)?,
        _ => return None,
    };
    bytes.try_into().ok()
}

/// The bytes that digits of so many bits make up, the highest first.
fn digits(
    letters: impl Iterator<Item = u8>,
    width: u32,
    digit: impl Fn(u8) -> Option<u8>,
) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for letter in letters {
        bits = (bits << width | u32::from(digit(letter)?)) & 0xffff;
        count += width;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

/// What [`base32`] writes, of 32 bytes.
fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0u8; 33];
    for (at, letter) in text.bytes().rev().enumerate() {
        let digit = DIGITS.iter().position(|known| *known == letter)?;
        let (byte, bit) = (at * 5 / 8, at * 5 % 8);
        let pair = (digit as u16) << bit;
        bytes[byte] |= pair as u8;
        bytes[byte + 1] |= (pair >> 8) as u8;
    }
    // The last digit has more bits than are left.
    (bytes.pop() == Some(0)).then_some(bytes)
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

const DIGITS: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// As Nix writes it: the last digit first, and no `e`, `o`, `t` and `u`.
fn base32(bytes: &[u8; 20]) -> String {
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

    /// `nix-hash --to-base32`, `--to-base16`
    #[test]
    fn a_hash_is_read_in_every_base() {
        let (sri, _) = KNOWN[0];
        let known = sha256_of(sri);
        assert!(known.is_some());
        for other in [
            "1xxkip2zrxw1azczngh1bwmr5vx5jfx6pzmzn0g4n0z6vpfklcah",
            "50313adddde6034b1eb0bffe6bba93a5ef922b5f013efbd95781f7fcc58db3f7",
        ] {
            assert_eq!(sha256_of(other), known, "{other}");
            assert_eq!(sha256_of(&format!("sha256:{other}")), known, "{other}");
        }
        for none in ["", "lib.fakeHash", "0000000000000000000000000000000000000000000000000000u"] {
            assert!(sha256_of(none).is_none(), "{none}");
        }
    }
}
