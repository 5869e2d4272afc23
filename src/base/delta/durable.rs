//! A folder as an object store whose commits outlive a power cut.
//!
//! The store of local files that the lake library brings never syncs: after a power cut a commit may
//! be there by name and empty, and then no later night can read the table. Here every whole file is
//! written aside, synced, linked to its name, and its folder synced, before anyone is told that it is
//! there.

use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// Where files are written before they have a name. Readers of a table pass over it.
const ASIDE: &str = "_aside";

/// One folder; paths are relative to it.
#[derive(Debug)]
pub(super) struct Durable {
    folder: PathBuf,
    inner: LocalFileSystem,
}

impl fmt::Display for Durable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Durable({})", self.folder.display())
    }
}

impl Durable {
    /// The folder must be there.
    pub(super) fn new(folder: PathBuf) -> Result<Self> {
        let inner = LocalFileSystem::new_with_prefix(&folder)?;
        Ok(Self { folder, inner })
    }

    /// Writes a file whole; with `create` only where there is none of that name.
    fn put(&self, location: &Path, payload: &PutPayload, create: bool) -> Result<()> {
        let to = self.folder.join(location.as_ref());
        let aside = self.folder.join(ASIDE);
        let done = (|| {
            fs::create_dir_all(&aside)?;
            let folder = to.parent().unwrap_or(&self.folder);
            fs::create_dir_all(folder)?;
            let mut staged = tempfile_in(&aside, location)?;
            for part in payload {
                staged.file.write_all(part)?;
            }
            staged.file.sync_all()?;
            if create {
                fs::hard_link(&staged.path, &to)?;
            } else {
                fs::rename(&staged.path, &to)?;
            }
            File::open(folder)?.sync_all()
        })();
        done.map_err(|why: std::io::Error| refused(location, why))
    }
}

/// A file aside, removed when dropped, unless it got its name by renaming.
struct Staged {
    path: PathBuf,
    file: File,
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn tempfile_in(aside: &std::path::Path, location: &Path) -> std::io::Result<Staged> {
    let path = aside.join(location.filename().unwrap_or("file"));
    // The mission's lock keeps others out: what lies here was left by a crash.
    let file = File::create(&path)?;
    Ok(Staged { path, file })
}

fn refused(location: &Path, why: std::io::Error) -> Error {
    let path = location.to_string();
    let source = Box::new(why);
    match source.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists { path, source },
        _ => Error::Generic {
            store: "Durable",
            source,
        },
    }
}

#[async_trait]
impl ObjectStore for Durable {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        self.put(location, &payload, matches!(opts.mode, PutMode::Create))?;
        Ok(PutResult {
            e_tag: None,
            version: None,
        })
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        // Only checkpoints come this way, and none is asked for: they could not be synced.
        self.inner.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_given_once_and_nothing_stays_aside() {
        let folder = tempfile::tempdir().unwrap();
        let store = Durable::new(folder.path().to_path_buf()).unwrap();
        let at = Path::from("_delta_log/0.json");
        store.put(&at, &PutPayload::from("first"), true).unwrap();
        let again = store.put(&at, &PutPayload::from("second"), true);
        assert!(matches!(again, Err(Error::AlreadyExists { .. })));
        let path = folder.path().join(at.as_ref());
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        store.put(&at, &PutPayload::from("third"), false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "third");
        let aside = fs::read_dir(folder.path().join(ASIDE)).unwrap();
        assert_eq!(aside.count(), 0);
    }
}
