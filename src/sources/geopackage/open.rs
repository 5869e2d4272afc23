//! The way into a `GeoPackage`: its header is checked, nothing of it runs, and it may cost no more work
//! than a file of its size can ask for, so that pages which point at each other end the reading.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{damaged, refused};
use crate::base::error::{Error, Result};

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER_BYTES: usize = 100;
/// What a `GeoPackage` writes into the file header, by generation.
const APPLICATIONS: [&[u8]; 3] = [b"GPKG", b"GP10", b"GP11"];
/// Instructions of `SQLite` that a file may cost: a row asks for about two for every byte that it takes
/// at least, and twice as many are allowed.
const WORK_PER_BYTE: u64 = 4;
const WORK_AT_LEAST: u64 = 1_000_000;
const WORK_COUNTED_BY: i32 = 1000;

/// Whether a file is one of `SQLite`, by its first bytes.
pub(in crate::sources) fn is_sqlite(path: &Path) -> Result<bool> {
    let file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let mut head = Vec::new();
    let read = file.take(MAGIC.len() as u64).read_to_end(&mut head);
    read.map_err(Error::io(path, "read the file"))?;
    Ok(head == MAGIC)
}

/// Opens a file read-only and immutable, its programs switched off and its work counted.
pub(super) fn open(path: &Path) -> Result<Connection> {
    let path_in_full = fs::canonicalize(path).map_err(Error::io(path, "find the file"))?;
    let length = whole_length(path).map_err(Error::io(path, "read the file"))?;
    let length = length.ok_or_else(|| refused(path, "not a whole GeoPackage"))?;
    let mut ahead = path_in_full.clone().into_os_string();
    ahead.push("-wal");
    if fs::metadata(ahead).is_ok_and(|ahead| ahead.len() > 0) {
        return Err(refused(
            path,
            "changes that lie beside it; close the program that has it open",
        ));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(address(&path_in_full), flags);
    let connection = connection.map_err(damaged(path))?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    ] {
        connection
            .set_db_config(setting, on)
            .map_err(damaged(path))?;
    }
    let mut work = 0;
    let most = WORK_AT_LEAST + WORK_PER_BYTE * length;
    let too_much = move || {
        work += u64::from(WORK_COUNTED_BY.unsigned_abs());
        work > most
    };
    let counted = connection.progress_handler(WORK_COUNTED_BY, Some(too_much));
    counted.map_err(damaged(path))?;
    let checked = connection.pragma_update(None, "cell_size_check", true);
    checked.map_err(damaged(path))?;
    Ok(connection)
}

/// Length of a file whose header is a `GeoPackage`'s and whose pages are whole.
fn whole_length(path: &Path) -> io::Result<Option<u64>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut head = Vec::new();
    file.take(HEADER_BYTES as u64).read_to_end(&mut head)?;
    let page = |head: &[u8]| match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let is_whole = head.len() == HEADER_BYTES
        && head.starts_with(MAGIC)
        && APPLICATIONS.contains(&&head[68..72])
        && page(&head).is_power_of_two()
        && length.is_multiple_of(page(&head));
    Ok(is_whole.then_some(length))
}

/// A path as an address that says: read only, and nobody else writes.
fn address(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let mut address = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        if plain(byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address + "?mode=ro&immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_hides_what_a_path_may_hold() {
        let address = address(Path::new("/a b/c?mode=rw#d%20.gpkg"));
        let due = "file:/a%20b/c%3Fmode%3Drw%23d%2520.gpkg?mode=ro&immutable=1";
        assert_eq!(address, due);
    }
}
