//! Files that a filter of git has encrypted, and that nobody has decrypted in this checkout.

use std::io::Read;
use std::path::Path;

/// How such a file begins: with git-crypt, git-agecrypt and transcrypt.
const HEADERS: [&[u8]; 3] = [b"\0GITCRYPT\0", b"age-encryption.org/v1\n", b"U2FsdGVkX1"];

/// Whether the bytes are those of an encrypted file.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    HEADERS.iter().any(|header| bytes.starts_with(header))
}

/// Whether a file is there and encrypted.
pub(crate) fn is_encrypted_file(path: &Path) -> bool {
    let mut head = Vec::new();
    let longest = HEADERS.iter().map(|header| header.len()).max().unwrap_or_default();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(longest as u64).read_to_end(&mut head));
    read.is_ok() && is_encrypted(&head)
}
