//! Files named by their own digest.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::base::digest;
use crate::base::error::{Error, Result};

/// Whether a file's bytes are those that its name promises.
pub(super) fn whole(path: &Path) -> Result<()> {
    let mut hasher = blake3::Hasher::new();
    let read = File::open(path).and_then(|file| hasher.update_reader(file).map(|_hasher| ()));
    read.map_err(Error::io(path, "read the file"))?;
    let stem = path.file_stem().unwrap_or_default();
    if digest::hex(&hasher).as_str() == stem {
        return Ok(());
    }
    Err(Error::File {
        path: path.to_path_buf(),
        line: None,
        what: "its bytes have changed since the ledger wrote them".to_owned(),
        expected: "restore it from a copy".to_owned(),
    })
}

/// A file that is digested as it is written.
pub(super) struct Digested {
    pub(super) inner: File,
    pub(super) hasher: blake3::Hasher,
    pub(super) bytes: u64,
}

impl Digested {
    pub(super) fn new(inner: File) -> Self {
        let hasher = blake3::Hasher::new();
        Self {
            inner,
            hasher,
            bytes: 0,
        }
    }
}

impl Write for Digested {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
