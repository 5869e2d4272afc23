//! What form a file has: by how it begins, and where that tells nothing, by its ending.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use crate::base::error::{Error, Result};
use crate::sources::foreign::Container;
use crate::sources::{Reading, shapes};

const MIB: u64 = 1 << 20;

/// The forms that rows come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Delimited text.
    Text,
    /// A saved answer, or `GeoJSON`.
    Json,
    /// One JSON object a line.
    Lines,
    /// A container whose decoder is kept apart.
    Foreign(Container),
}

impl Form {
    /// The form of an opened file, which is left at its start.
    fn of(path: &Path, file: &mut File) -> Result<Self> {
        let mut head = Vec::new();
        let mut start = file.by_ref().take(4);
        let read = start.read_to_end(&mut head).and_then(|_len| file.rewind());
        read.map_err(Error::io(path, "read the file"))?;
        Ok(match (head.as_slice(), shapes::ending(path).as_str()) {
            (b"PAR1", _) | (_, "parquet") => Self::Foreign(Container::Parquet),
            (b"PK\x03\x04" | b"PK\x05\x06" | b"\xd0\xcf\x11\xe0", _)
            | (_, "xlsx" | "xlsm" | "xls" | "ods") => Self::Foreign(Container::Workbook),
            (_, "json" | "geojson") => Self::Json,
            (_, "ndjson" | "jsonl") => Self::Lines,
            _ => Self::Text,
        })
    }
}

/// Opens a file that is no larger than the mission takes, and tells its form.
pub(crate) fn open(path: &Path, reading: &Reading<'_>) -> Result<(File, Form)> {
    let mut file = File::open(path).map_err(Error::io(path, "read the file"))?;
    let len = file
        .metadata()
        .map_err(Error::io(path, "read the file"))?
        .len();
    let most = reading.limits.file_mib;
    if len > u64::from(most) * MIB {
        return Err(Error::File {
            path: path.to_path_buf(),
            line: None,
            what: format!("a file of more than {most} MiB"),
            expected: "a smaller file, or a larger limits.file_mib".to_owned(),
        });
    }
    let form = Form::of(path, &mut file)?;
    Ok((file, form))
}
