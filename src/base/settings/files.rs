//! Where the files of a source lie.

use std::path::{Path, PathBuf};

use super::SourceSettings;
use crate::base::error::{Error, Result};

/// Where the files of a source lie: one path, or those that match a last part with `*`.
///
/// # Errors
/// [`Error::Absent`] where nothing matches, [`Error::Io`] where the folder cannot be listed.
pub fn files_of(
    source: &SourceSettings,
    mission: &Path,
    data: Option<&Path>,
) -> Result<Vec<PathBuf>> {
    let path = match (source.path.strip_prefix("$FOREWARN_DATA"), data) {
        (Some(rest), Some(data)) => data.join(rest.trim_start_matches('/')),
        (Some(_), None) => {
            return Err(Error::Absent {
                path: PathBuf::from(&source.path),
                expected: "FOREWARN_DATA must name the data folder".to_owned(),
            });
        }
        (None, _) => mission.join(&source.path),
    };
    let pattern = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let Some((before, after)) = pattern.as_deref().and_then(|name| name.split_once('*')) else {
        return if path.is_file() {
            Ok(vec![path])
        } else {
            Err(absent(&path))
        };
    };
    let folder = path.parent().unwrap_or(mission);
    let listing = std::fs::read_dir(folder).map_err(|_missing| absent(&path))?;
    let mut files = Vec::new();
    for entry in listing {
        let entry = entry.map_err(Error::io(folder, "list the folder"))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(before) && name.ends_with(after) && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    if files.is_empty() {
        Err(absent(&path))
    } else {
        Ok(files)
    }
}

fn absent(path: &Path) -> Error {
    Error::Absent {
        path: path.to_path_buf(),
        expected: "put the file there and run again".to_owned(),
    }
}
