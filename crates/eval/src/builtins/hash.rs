//! Hashes.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512};

use super::{Args, Builtin};
use crate::evaluator::Evaluator;
use crate::unknown::{ErrorKind, Eval};

pub(super) const TABLE: &[Builtin] = &[Builtin { name: "hashString", arity: 2, run: hash_string }];

fn hash_string<'a>(ev: &Evaluator<'a>, args: Args<'a>) -> Eval<'a> {
    let algorithm = ev.force_str(args[0])?;
    let text = ev.force_str(args[1])?.as_bytes();
    let digest = match algorithm {
        "md5" => Md5::digest(text).to_vec(),
        "sha1" => Sha1::digest(text).to_vec(),
        "sha256" => Sha256::digest(text).to_vec(),
        "sha512" => Sha512::digest(text).to_vec(),
        "blake3" => return ev.unsupported("blake3"),
        other => return ev.error(ErrorKind::Other, format!("unknown hash algorithm '{other}'")),
    };
    Ok(ev.str(&digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}
