//! A snapshot appears whole or not at all: written aside, synced, renamed, then pointed at.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::MissionLock;
use crate::base::error::{Error, Result};

/// What the folder of an unfinished snapshot is called, followed by the run's id.
const STAGING: &str = ".staging-";

/// A snapshot being written. Dropped before [`Snapshot::commit`], it leaves no trace.
///
/// It borrows the mission's lock: only the holder may write, or clear up after a crash.
#[derive(Debug)]
pub struct Snapshot<'lock> {
    mission: &'lock Path,
    run_id: String,
    staging: PathBuf,
}

impl<'lock> Snapshot<'lock> {
    /// Clears what earlier crashes left, and begins a snapshot aside. `run_id` is one folder name.
    ///
    /// # Errors
    /// [`Error::Io`] where the mission folder cannot be written.
    pub fn begin(lock: &'lock MissionLock, run_id: &str) -> Result<Self> {
        let mission = lock.mission();
        let runs = mission.join("runs");
        fs::create_dir_all(&runs).map_err(Error::io(&runs, "create the folder"))?;
        sync_folder(mission)?;
        remove_leftovers(&runs)?;
        let staging = runs.join(format!("{STAGING}{run_id}"));
        fs::create_dir(&staging).map_err(Error::io(&staging, "create the folder"))?;
        Ok(Self {
            mission,
            run_id: run_id.to_owned(),
            staging,
        })
    }

    /// Writes one file to the disk, whole. `name` is relative to the snapshot, with at most one
    /// folder, and new.
    ///
    /// # Errors
    /// What `fill` returns, or [`Error::Io`].
    pub fn write(
        &self,
        name: &str,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
    ) -> Result<()> {
        let path = self.staging.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::io(folder, "create the folder"))?;
        }
        let file = File::create_new(&path).map_err(Error::io(&path, "create the file"))?;
        let mut out = BufWriter::new(file);
        fill(&mut out)?;
        let file = out
            .into_inner()
            .map_err(|error| Error::io(&path, "write the file")(error.into_error()))?;
        file.sync_all().map_err(Error::io(&path, "sync the file"))
    }

    /// Publishes: syncs, renames to `runs/<run-id>`, points `latest` at it. Returns that folder.
    ///
    /// The same four inputs have published before where the folder is already there: then the files
    /// must be the same, and only `latest` moves.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::File`] with the first file that differs from the published one.
    pub fn commit(self) -> Result<PathBuf> {
        let runs = self.mission.join("runs");
        let run = runs.join(&self.run_id);
        if run.symlink_metadata().is_ok() {
            compare(&self.staging, &run)?;
        } else {
            for folder in tree(&self.staging)?.folders {
                sync_folder(&self.staging.join(folder))?;
            }
            fs::rename(&self.staging, &run).map_err(Error::io(&run, "put the snapshot there"))?;
        }
        sync_folder(&runs)?;
        point_latest(self.mission, &self.run_id)?;
        Ok(run)
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // After a commit there is nothing to remove; what cannot be removed now goes at next begin.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

fn remove_leftovers(runs: &Path) -> Result<()> {
    let failed = || Error::io(runs, "clear what an earlier run left");
    for entry in fs::read_dir(runs).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            let folder = entry.file_type().map_err(failed())?.is_dir();
            let path = entry.path();
            if folder {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            }
            .map_err(failed())?;
        }
    }
    Ok(())
}

/// Points `latest` at a run by one rename, so that a reader sees the old or the new one.
fn point_latest(mission: &Path, run_id: &str) -> Result<()> {
    let (new, latest) = (mission.join(".latest-new"), mission.join("latest"));
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Error::io(&new, "clear what an earlier run left")(error));
        }
        _ => {}
    }
    std::os::unix::fs::symlink(Path::new("runs").join(run_id), &new)
        .map_err(Error::io(&new, "create the link"))?;
    fs::rename(&new, &latest).map_err(Error::io(&latest, "point at the new snapshot"))?;
    sync_folder(mission)
}

/// Makes the names in a folder survive a power cut.
fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|opened| opened.sync_all())
        .map_err(Error::io(folder, "sync the folder"))
}

/// Relative names of what lies below a folder; the folder itself is the empty name.
#[derive(Default)]
struct Tree {
    files: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
}

fn tree(root: &Path) -> Result<Tree> {
    let failed = || Error::io(root, "list the folder");
    let mut tree = Tree::default();
    let mut open = vec![PathBuf::new()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root.join(&folder)).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let name = folder.join(entry.file_name());
            if entry.file_type().map_err(failed())?.is_dir() {
                open.push(name);
            } else {
                tree.files.insert(name);
            }
        }
        tree.folders.insert(folder);
    }
    Ok(tree)
}

/// The same inputs must give the same bytes: anything else is a fault, and is not published.
fn compare(staged: &Path, published: &Path) -> Result<()> {
    let (new, old) = (tree(staged)?.files, tree(published)?.files);
    let fault = |name: &Path, what: &str| Error::File {
        path: published.join(name),
        line: None,
        what: what.to_owned(),
        expected: "the same inputs, settings, date and seed must give the same files; \
                   if this one was changed by hand, move its run away and run again"
            .to_owned(),
    };
    if let Some(name) = new.symmetric_difference(&old).next() {
        let what = if new.contains(name) {
            "missing in"
        } else {
            "not written again for"
        };
        return Err(fault(name, &format!("{what} a run published before")));
    }
    for name in &new {
        let path = published.join(name);
        if !same_bytes(&staged.join(name), &path).map_err(Error::io(&path, "compare the file"))? {
            return Err(fault(name, "differs from what this run writes now"));
        }
    }
    Ok(())
}

fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (
        BufReader::new(File::open(a)?),
        BufReader::new(File::open(b)?),
    );
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let n = left.len().min(right.len());
        if left[..n] != right[..n] {
            return Ok(false);
        }
        if n == 0 {
            return Ok(left.len() == right.len());
        }
        a.consume(n);
        b.consume(n);
    }
}
