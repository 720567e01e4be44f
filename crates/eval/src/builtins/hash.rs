//! Hashes.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};

use super::encoding;
use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{ErrorKind, Eval, Stop};
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin { name: "convertHash", arity: 1, run: convert_hash },
    Builtin { name: "hashFile", arity: 2, run: hash_file },
    Builtin { name: "hashString", arity: 2, run: hash_string },
    Builtin { name: "placeholder", arity: 1, run: placeholder },
];

fn hash_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let algorithm = ev.force_str(args[0])?;
    digest(ev, algorithm, ev.force_str(args[1])?.as_bytes())
}

fn hash_file<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let algorithm = ev.force_str(args[0])?;
    let path = ev.to_path(ev.force(args[1])?)?;
    match ev.read_any(path) {
        Some(text) if !path.starts_with('/') => digest(ev, algorithm, text.as_bytes()),
        _ => Err(ev.no_text(path)),
    }
}

fn digest<'a>(ev: &Evaluator<'a>, algorithm: &str, bytes: &[u8]) -> Eval<'a> {
    let digest = match algorithm {
        "md5" => Md5::digest(bytes).to_vec(),
        "sha1" => Sha1::digest(bytes).to_vec(),
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha512" => Sha512::digest(bytes).to_vec(),
        "blake3" => return ev.unsupported("blake3"),
        other => return ev.error(ErrorKind::Other, format!("unknown hash algorithm '{other}'")),
    };
    Ok(ev.str(&encoding::base16(&digest)))
}

/// What stands for the path of an output in the derivation that has it (`hashPlaceholder`).
fn placeholder<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let digest = Sha256::digest(format!("nix-output:{}", ev.force_str(args[0])?));
    Ok(ev.str(&format!("/{}", encoding::base32(&digest))))
}

/// The bytes of a hash by the name of its algorithm.
fn size(algorithm: &str) -> Option<usize> {
    match algorithm {
        "md5" => Some(16),
        "sha1" => Some(20),
        "sha256" | "blake3" => Some(32),
        "sha512" => Some(64),
        _ => None,
    }
}

/// `builtins.convertHash { hash, hashAlgo ? null, toHashFormat }`.
fn convert_hash<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let attrs = ev.force_attrs(args[0])?;
    let field = |name: &str| match (attrs.get(nixpact_syntax::Symbol::new(name)), attrs.rest) {
        (Some(attr), _) => ev.force_str(attr.value).map(Some),
        (None, Some(rest)) => Err(Stop::Unknown(rest)),
        (None, None) => Ok(None),
    };
    let wrong = |what: &str| ev.error_stop(ErrorKind::Other, format!("convertHash: {what}"));
    let hash = field("hash")?.ok_or_else(|| wrong("attribute 'hash' missing"))?;
    let given = field("hashAlgo")?;
    let format = field("toHashFormat")?.ok_or_else(|| wrong("attribute 'toHashFormat' missing"))?;
    let (algorithm, digits) = match (hash.split_once('-'), hash.split_once(':')) {
        (Some((algorithm, digits)), _) | (_, Some((algorithm, digits))) => {
            (Some(algorithm), digits)
        }
        _ => (given, hash),
    };
    let algorithm = algorithm.ok_or_else(|| wrong("the hash does not say its algorithm"))?;
    if given.is_some_and(|given| given != algorithm) {
        return Err(wrong("the hash is of another algorithm"));
    }
    let size = size(algorithm).ok_or_else(|| wrong("unknown hash algorithm"))?;
    let is_sri = hash.contains('-');
    let bytes = encoding::decode(digits, size, is_sri).ok_or_else(|| wrong("not a hash"))?;
    let text = match format {
        "base16" => encoding::base16(&bytes),
        "base32" | "nix32" => encoding::base32(&bytes),
        "base64" => encoding::base64(&bytes),
        "sri" => format!("{algorithm}-{}", encoding::base64(&bytes)),
        _ => return Err(wrong("unknown hash format")),
    };
    Ok(Value::Str(ev.arena.alloc_str(&text)))
}
