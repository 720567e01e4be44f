//! Files that a filter of git, or sops, has encrypted, and that nobody has decrypted in this checkout.

use std::io::Read;
use std::path::Path;

/// How such a file begins: with git-crypt, git-agecrypt and transcrypt.
const HEADERS: [&[u8]; 3] = [b"\0GITCRYPT\0", b"age-encryption.org/v1\n", b"U2FsdGVkX1"];

/// How a file begins of whose format sops knows nothing, without what stands between: no Nix.
const SOPS: &[u8] = b"{\"data\":\"ENC[AES256_GCM,";

/// How much of a file tells it, in bytes: sops indents what it writes.
const HEAD: u64 = 64;

/// Whether the bytes are those of an encrypted file.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    let mut written = bytes.iter().take(HEAD as usize).filter(|byte| !byte.is_ascii_whitespace());
    HEADERS.iter().any(|header| bytes.starts_with(header))
        || SOPS.iter().all(|byte| written.next() == Some(byte))
}

/// Whether a file is there and encrypted.
pub(crate) fn is_encrypted_file(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && is_encrypted(&head)
}
