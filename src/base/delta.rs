//! Append-only tables as Delta Lake keeps them: data files, and a log in which a version appears
//! whole or not at all. Spark, `DuckDB` and pandas read them.
//!
//! A data file is named by its own BLAKE3 digest and synced before a commit names it; it is read only
//! where the digest still holds, since a Parquet reader does not notice every flipped bit. Unsigned
//! columns, which Delta does not know, are kept as the next wider signed type.
//!
//! Source: Delta Transaction Log Protocol, <https://github.com/delta-io/delta/blob/master/PROTOCOL.md>.

mod digested;
mod durable;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake_core::kernel::transaction::CommitBuilder;
use deltalake_core::kernel::{Action, Add, StructField};
use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use object_store::local::LocalFileSystem;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::base::session::Session;
use digested::{Digested, whole};
use durable::Durable;

/// A row group is held in memory while it is written.
const ROW_GROUP_ROWS: usize = 131_072;

/// A table open at its newest version.
pub struct Delta<'session> {
    session: &'session Session,
    folder: PathBuf,
    /// The columns as the engine has them.
    schema: SchemaRef,
    table: DeltaTable,
}

impl std::fmt::Debug for Delta<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delta({})", self.folder.display())
    }
}

impl<'session> Delta<'session> {
    /// Opens the table in a folder; `None` where there is none yet.
    ///
    /// # Errors
    /// [`Error::File`] where the log cannot be read.
    pub fn open(
        session: &'session Session,
        folder: &Path,
        schema: SchemaRef,
    ) -> Result<Option<Self>> {
        if !folder.join("_delta_log").is_dir() {
            return Ok(None);
        }
        let mut table = DeltaTable::new(log_store(folder)?);
        match session.wait(table.load()) {
            Ok(()) => Ok(Some(Self::of(session, folder, schema, table))),
            // The folder was made, and then the power went.
            Err(DeltaTableError::NotATable(_)) => Ok(None),
            Err(why) => Err(unreadable(folder, &why)),
        }
    }

    /// Makes an empty table in a folder.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::File`] where it cannot be written.
    pub fn create(session: &'session Session, folder: &Path, schema: SchemaRef) -> Result<Self> {
        fs::create_dir_all(folder).map_err(Error::io(folder, "make the folder"))?;
        let fields = signed(&schema)
            .fields()
            .iter()
            .map(|field| field.as_ref().try_into_kernel())
            .collect::<std::result::Result<Vec<StructField>, _>>()
            .map_err(|why| unwritable(folder, &why))?;
        let created = CreateBuilder::new()
            .with_log_store(log_store(folder)?)
            .with_columns(fields)
            .with_configuration([("delta.appendOnly", Some("true"))]);
        let table = session
            .wait(created.into_future())
            .map_err(|why| unwritable(folder, &why))?;
        Ok(Self::of(session, folder, schema, table))
    }

    fn of(session: &'session Session, folder: &Path, schema: SchemaRef, table: DeltaTable) -> Self {
        Self {
            session,
            folder: folder.to_path_buf(),
            schema,
            table,
        }
    }

    /// Appends rows as one version: all of them, or none.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::File`] where they cannot be written.
    pub fn append(&mut self, rows: Growing) -> Result<()> {
        let add = rows.finish()?;
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: None,
            predicate: None,
        };
        let state = self.table.snapshot();
        let state = state.map_err(|why| unwritable(&self.folder, &why))?;
        // No checkpoint: it could not be synced, and a mission has a commit a night at most.
        let commit = CommitBuilder::default()
            .with_actions(vec![Action::Add(add)])
            .build(Some(state), self.table.log_store(), operation);
        self.session
            .wait(commit.into_future())
            .map_err(|why| unwritable(&self.folder, &why))?;
        self.session
            .wait(self.table.load())
            .map_err(|why| unreadable(&self.folder, &why))
    }

    /// The named columns of every row, in an order that means nothing.
    ///
    /// # Errors
    /// [`Error::File`] where a file is not what its name says, or cannot be read.
    pub fn read(&self, columns: &[&str]) -> Result<Vec<RecordBatch>> {
        let wanted = columns.iter().map(|name| self.schema.index_of(name));
        let wanted = wanted.collect::<std::result::Result<Vec<_>, _>>();
        let wanted = wanted.map_err(|why| unreadable(&self.folder, &why))?;
        let projected = self.schema.project(&wanted);
        let projected = Arc::new(projected.map_err(|why| unreadable(&self.folder, &why))?);
        let mut batches = Vec::new();
        for path in self.data_files()? {
            whole(&path)?;
            let failed = |why: &dyn std::fmt::Display| unreadable(&path, why);
            let file = File::open(&path).map_err(Error::io(&path, "open the file"))?;
            let reader =
                ParquetRecordBatchReaderBuilder::try_new(file).map_err(|why| failed(&why))?;
            let mask = ProjectionMask::columns(reader.parquet_schema(), columns.iter().copied());
            let reader = reader.with_projection(mask).build();
            for batch in reader.map_err(|why| failed(&why))? {
                let batch = batch.map_err(|why| failed(&why))?;
                batches.push(as_schema(&batch, &projected, &self.folder)?);
            }
        }
        Ok(batches)
    }

    /// Data files of the newest version, sorted by name.
    fn data_files(&self) -> Result<Vec<PathBuf>> {
        let state = self.table.snapshot();
        let state = state.map_err(|why| unreadable(&self.folder, &why))?;
        let log = state.log_data().into_iter();
        let files = log.map(|file| self.folder.join(file.path().as_ref()));
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        Ok(files)
    }
}

/// Rows on their way into a table: a file that no commit names yet, gone where none ever does.
pub struct Growing {
    folder: PathBuf,
    aside: PathBuf,
    schema: SchemaRef,
    writer: Option<ArrowWriter<Digested>>,
    n_rows: usize,
}

impl std::fmt::Debug for Growing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Growing({} rows)", self.n_rows)
    }
}

impl Growing {
    /// Begins a file of these columns in a table's folder, which need not be there yet.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::File`] where it cannot be written.
    pub fn new(folder: &Path, schema: &Schema) -> Result<Self> {
        fs::create_dir_all(folder).map_err(Error::io(folder, "make the folder"))?;
        let aside = folder.join("_aside.parquet");
        let schema = signed(schema);
        let level = ZstdLevel::try_new(1).map_err(|why| unwritable(folder, &why))?;
        let properties = WriterProperties::builder()
            .set_created_by("forewarn".to_owned())
            .set_compression(Compression::ZSTD(level))
            // Most columns hardly repeat, and what repeats is packed well enough without.
            .set_dictionary_enabled(false)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        let file = File::create(&aside).map_err(Error::io(&aside, "write the file"))?;
        let file = Digested::new(file);
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties));
        Ok(Self {
            folder: folder.to_path_buf(),
            aside,
            schema,
            writer: Some(writer.map_err(|why| unwritable(folder, &why))?),
            n_rows: 0,
        })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`Error::File`] where they cannot be written.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let rows = as_schema(rows, &self.schema, &self.folder)?;
        self.n_rows += rows.num_rows();
        let written = self.writer.as_mut().map(|writer| writer.write(&rows));
        let written = written.unwrap_or(Ok(()));
        written.map_err(|why| unwritable(&self.folder, &why))
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    /// Names the file by its digest, synced with its folder.
    fn finish(mut self) -> Result<Add> {
        let writer = self.writer.take();
        let writer = writer.ok_or_else(|| unwritable(&self.folder, &"it is written already"))?;
        let file = writer.into_inner();
        let file = file.map_err(|why| unwritable(&self.folder, &why))?;
        let synced = file.inner.sync_all();
        synced.map_err(Error::io(&self.aside, "sync the file"))?;
        let name = format!("{}.parquet", digest::hex(&file.hasher));
        let to = self.folder.join(&name);
        fs::rename(&self.aside, &to).map_err(Error::io(&to, "put the file there"))?;
        let folder = File::open(&self.folder).and_then(|folder| folder.sync_all());
        folder.map_err(Error::io(&self.folder, "sync the folder"))?;
        Ok(Add {
            path: name,
            size: i64::try_from(file.bytes).unwrap_or(i64::MAX),
            data_change: true,
            stats: Some(format!("{{\"numRecords\":{}}}", self.n_rows)),
            ..Add::default()
        })
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.aside);
    }
}

/// The columns with signed types only.
fn signed(schema: &Schema) -> SchemaRef {
    let field = |field: &Arc<Field>| {
        let data_type = match field.data_type() {
            DataType::UInt8 => DataType::Int16,
            DataType::UInt16 => DataType::Int32,
            DataType::UInt32 => DataType::Int64,
            other => other.clone(),
        };
        Field::new(field.name(), data_type, field.is_nullable())
    };
    Arc::new(Schema::new(
        schema.fields().iter().map(field).collect::<Vec<_>>(),
    ))
}

/// A batch with these columns, by name.
fn as_schema(batch: &RecordBatch, schema: &SchemaRef, folder: &Path) -> Result<RecordBatch> {
    let column = |field: &Arc<Field>| {
        let column = batch.column_by_name(field.name());
        let column = column.ok_or_else(|| unreadable(folder, &"a column is missing"))?;
        cast(column, field.data_type()).map_err(|why| unreadable(folder, &why))
    };
    let columns = schema.fields().iter().map(column).collect::<Result<_>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(|why| unreadable(folder, &why))
}

fn log_store(folder: &Path) -> Result<LogStoreRef> {
    let folder = fs::canonicalize(folder).map_err(Error::io(folder, "open the folder"))?;
    let url = url::Url::from_directory_path(&folder)
        .map_err(|()| unreadable(&folder, &"not an absolute path"))?;
    let store = Durable::new(folder.clone()).map_err(|why| unreadable(&folder, &why))?;
    Ok(default_logstore(
        Arc::new(store),
        Arc::new(LocalFileSystem::new()),
        &url,
        &StorageConfig::default(),
    ))
}

/// The library's texts can be long and quote data: the first line names the fault.
fn fault(path: &Path, what: &str, why: &dyn std::fmt::Display, expected: &str) -> Error {
    let why = why.to_string();
    let why: String = why.lines().next().unwrap_or("").chars().take(200).collect();
    Error::File {
        path: path.to_path_buf(),
        line: None,
        what: format!("{what}: {why}"),
        expected: expected.to_owned(),
    }
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Error {
    fault(
        path,
        "the ledger cannot be read",
        why,
        "restore the folder from a copy",
    )
}

fn unwritable(path: &Path, why: &dyn std::fmt::Display) -> Error {
    fault(
        path,
        "the ledger cannot be written",
        why,
        "free space, or give write access",
    )
}

#[cfg(test)]
mod tests;
