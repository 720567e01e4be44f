//! Bytes as text, as hashes are written.

const BASE32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// In base 16, in small letters.
pub fn base16(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Nix's own base 32 (`printHash32`), which begins with the last bits.
pub fn base32(bytes: &[u8]) -> String {
    let digit = |n: usize| {
        let (byte, bit) = (n * 5 / 8, n * 5 % 8);
        let high = bytes.get(byte + 1).map_or(0, |next| u16::from(*next) << 8);
        let value = (u16::from(bytes[byte]) | high) >> bit;
        char::from(BASE32[usize::from(value & 31)])
    };
    (0..length32(bytes.len())).rev().map(digit).collect()
}

/// In base 64, with what fills up the last group.
pub fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let at = |n: usize| u32::from(chunk.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let digit = BASE64[(bits >> (18 - 6 * n) & 63) as usize];
            out.push(if n <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// The digits that `size` bytes take in base 32.
fn length32(size: usize) -> usize {
    (size * 8).div_ceil(5)
}

/// `size` bytes written in base 16, 32 or 64, which their number tells; `None` if that is not so.
pub fn decode(text: &str, size: usize, is_base64: bool) -> Option<Vec<u8>> {
    let bytes = match text.len() {
        _ if is_base64 => decode64(text)?,
        length if length == size * 2 => decode16(text)?,
        length if length == length32(size) => decode32(text, size)?,
        length if length == size.div_ceil(3) * 4 => decode64(text)?,
        _ => return None,
    };
    (bytes.len() == size).then_some(bytes)
}

fn decode16(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pair = |pair: &[u8]| Some((digit(pair.first()?)? * 16 + digit(pair.get(1)?)?) as u8);
    text.as_bytes().chunks(2).map(pair).collect()
}

fn decode32(text: &str, size: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; size];
    for (n, c) in text.bytes().rev().enumerate() {
        let value = BASE32.iter().position(|digit| *digit == c)? as u16;
        let (byte, bit) = (n * 5 / 8, n * 5 % 8);
        let shifted = value << bit;
        bytes[byte] |= (shifted & 0xff) as u8;
        match bytes.get_mut(byte + 1) {
            Some(next) => *next |= (shifted >> 8) as u8,
            None if shifted >> 8 != 0 => return None,
            None => {}
        }
    }
    Some(bytes)
}

fn decode64(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for c in text.trim_end_matches('=').bytes() {
        bits = bits << 6 | BASE64.iter().position(|digit| *digit == c)? as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        for size in [16, 20, 32, 64] {
            let bytes: Vec<u8> = (0..size).map(|n| (n * 37 + 11) as u8).collect();
            for text in [base16(&bytes), base32(&bytes), base64(&bytes)] {
                assert_eq!(decode(&text, size, false).as_ref(), Some(&bytes), "{text}");
            }
        }
    }
}
