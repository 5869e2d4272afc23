//! One run at a time in a mission folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::base::error::{Error, Result};

/// The right to write into a mission folder, held until dropped or until the process ends.
#[derive(Debug)]
pub struct MissionLock {
    mission: PathBuf,
    _file: File,
}

impl MissionLock {
    /// Takes the lock at once or not at all. The empty file `.lock` stays behind; what counts is the
    /// system's lock on it, which no crash leaves behind.
    ///
    /// # Errors
    /// [`Error::Locked`] where another run holds it, [`Error::Io`] where the folder cannot be
    /// written.
    pub fn take(mission: &Path) -> Result<Self> {
        let path = mission.join(".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io(&path, "open the lock file"))?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                mission: mission.to_path_buf(),
                _file: file,
            }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
            Err(TryLockError::Error(source)) => Err(Error::Io {
                path,
                action: "lock the file",
                source,
            }),
        }
    }

    /// The mission folder.
    #[must_use]
    pub fn mission(&self) -> &Path {
        &self.mission
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_until_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let first = MissionLock::take(folder.path()).unwrap();
        let refused = MissionLock::take(folder.path()).unwrap_err();
        assert!(matches!(refused, Error::Locked { .. }), "{refused}");
        assert_eq!(refused.exit_code(), 4);
        drop(first);
        assert!(MissionLock::take(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_taken_for_a_held_lock() {
        let folder = tempfile::tempdir().unwrap();
        let error = MissionLock::take(&folder.path().join("absent")).unwrap_err();
        assert_eq!(error.exit_code(), 1);
    }
}
