//! From a file's bytes to UTF-8, as they stream by; what is UTF-8 already passes untouched.
//!
//! A byte order mark tells UTF-16. Nothing tells one 8-bit encoding from another, so it is never
//! guessed: the mission says it.

use std::io::{self, Cursor, Read};

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

const CHUNK_BYTES: usize = 64 * 1024;
/// Stands for what is no text in the file's encoding: no UTF-8 has it, so its cell is rejected.
const NO_TEXT: u8 = 0xFF;

/// A stream of UTF-8 out of one in any encoding, hashed as it is on disk.
pub(crate) struct Decoded<R> {
    input: R,
    hasher: blake3::Hasher,
    /// Nothing where the bytes pass untouched.
    decoder: Option<encoding_rs::Decoder>,
    ready: Cursor<Vec<u8>>,
    at_end: bool,
}

impl<R: Read> Decoded<R> {
    /// Starts reading. What the file says of itself by a mark weighs more than the setting.
    pub(crate) fn new(mut input: R, told: Option<&str>) -> io::Result<Self> {
        let mut head = Vec::new();
        input.by_ref().take(3).read_to_end(&mut head)?;
        let marked = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
        let told = told.and_then(|told| match told {
            // Latin-1 has control characters where Windows-1252 has letters; no export means them.
            "latin-1" | "windows-1252" => Some(WINDOWS_1252),
            "utf-16le" => Some(UTF_16LE),
            "utf-16be" => Some(UTF_16BE),
            "windows-1256" => Some(WINDOWS_1256),
            _ => None,
        });
        let encoding = marked.or(told).filter(|encoding| *encoding != UTF_8);
        let mut decoded = Self {
            input,
            hasher: blake3::Hasher::new(),
            decoder: encoding.map(Encoding::new_decoder_with_bom_removal),
            ready: Cursor::new(Vec::new()),
            at_end: false,
        };
        decoded.pass(head);
        Ok(decoded)
    }

    /// BLAKE3 of the bytes on disk that were read, in hex.
    pub(crate) fn digest(&self) -> String {
        crate::base::digest::hex(&self.hasher)
    }

    /// Hashes bytes as they came, and makes them ready as UTF-8.
    fn pass(&mut self, bytes: Vec<u8>) {
        self.hasher.update(&bytes);
        let Some(decoder) = &mut self.decoder else {
            self.ready = Cursor::new(bytes);
            return;
        };
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        let mut text = vec![0; room.unwrap_or(4 * CHUNK_BYTES) + 16];
        let (mut from, mut ready) = (0, Vec::new());
        loop {
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(&bytes[from..], &mut text, self.at_end);
            from += read;
            ready.extend_from_slice(&text[..written]);
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => ready.push(NO_TEXT),
            }
        }
        self.ready = Cursor::new(ready);
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let given = self.ready.read(out)?;
            if given > 0 || self.at_end || out.is_empty() {
                return Ok(given);
            }
            if self.decoder.is_none() {
                let read = self.input.read(out)?;
                self.hasher.update(&out[..read]);
                self.at_end = read == 0;
                return Ok(read);
            }
            let mut chunk = vec![0; CHUNK_BYTES];
            let read = self.input.read(&mut chunk)?;
            chunk.truncate(read);
            self.at_end = read == 0;
            self.pass(chunk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], told: Option<&str>) -> Vec<u8> {
        let mut input = Decoded::new(bytes, told).unwrap();
        let mut text = Vec::new();
        input.read_to_end(&mut text).unwrap();
        assert_eq!(input.digest(), blake3::hash(bytes).to_hex().to_string());
        text
    }

    #[test]
    fn marked_utf_16_is_read_in_both_orders_whatever_was_told() {
        let text: String = "préfecture;\n".repeat(20_000);
        let units = || "\u{feff}".encode_utf16().chain(text.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&little, None), text.as_bytes());
        assert_eq!(decoded(&big, Some("windows-1256")), text.as_bytes());
        // A file cut within a character, and one with half a pair, hold what is no text.
        assert_eq!(decoded(b"\xff\xfea\0b", None), b"a\xff");
        assert_eq!(decoded(b"\xff\xfe\x00\xd8a\0", None), b"\xffa");
    }

    #[test]
    fn one_byte_encodings_are_read_only_where_the_mission_says_so() {
        assert_eq!(decoded(b"\xe9", Some("latin-1")), "é".as_bytes());
        assert_eq!(decoded(b"\x9c", Some("windows-1252")), "œ".as_bytes());
        assert_eq!(decoded(b"\xc7", Some("windows-1256")), "ا".as_bytes());
        assert_eq!(decoded(b"\xe9", None), b"\xe9");
    }
}
