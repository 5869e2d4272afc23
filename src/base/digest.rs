//! BLAKE3 digests, shown in hex.

use std::fmt::Write as _;

/// Digest of labelled parts. Lengths are part of what is digested, so that no two lists collide by
/// running together.
#[must_use]
pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    hex(&hashed(parts))
}

/// The first eight bytes of the same digest as a number.
#[must_use]
pub fn number<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let digest = hashed(parts).finalize();
    let first = digest.as_bytes().iter().take(8);
    first.fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn hashed<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher
}

/// A finished digest as 64 hex characters.
#[must_use]
pub fn hex(hasher: &blake3::Hasher) -> String {
    hasher
        .finalize()
        .as_bytes()
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
