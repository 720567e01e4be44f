//! Where a tree of a known hash lies in the store.

use std::path::PathBuf;

use nixpact_eval::encoding;
use sha2::{Digest, Sha256};

const STORE: &str = "/nix/store";

/// The path of a tree by the hash of its archive, `narHash`; `None` where that is no SHA-256.
pub(super) fn path(hash: &str, name: &str) -> Option<PathBuf> {
    Some(fixed_output(&sha256_of(hash)?, name))
}

/// The digest of a hash as Nix writes it: `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=`, or in any base without
/// its kind, which may also be `sha256:` before it.
fn sha256_of(hash: &str) -> Option<[u8; 32]> {
    let (digits, is_sri) = match hash.strip_prefix("sha256-") {
        Some(digits) => (digits, true),
        None => (hash.strip_prefix("sha256:").unwrap_or(hash), false),
    };
    encoding::decode(digits, 32, is_sri)?.try_into().ok()
}

/// The store path of a tree with this hash of its archive (`makeFixedOutputPath`).
fn fixed_output(hash: &[u8; 32], name: &str) -> PathBuf {
    let hex = encoding::base16(hash);
    let digest = Sha256::digest(format!("source:sha256:{hex}:{STORE}:{name}"));
    // What is too long is folded (`compressHash`).
    let mut folded = [0u8; 20];
    for (at, byte) in digest.iter().enumerate() {
        folded[at % 20] ^= byte;
    }
    PathBuf::from(format!("{STORE}/{}-{name}", encoding::base32(&folded)))
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
