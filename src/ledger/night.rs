//! A night: its rows are held against the ledger as they come, and what is new is written at its end.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{AsArray, Date32Array, RecordBatch, StringArray, UInt32Array};
use arrow::compute::concat_batches;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::delta::{Delta, Growing};
use crate::base::error::{Error, Result};
use crate::tables::{FileCount, Incidents, IncidentsBuilder, Withdrawal};

use super::columns::{KEYS, contents, ledger_rows, rows_at, schema, value_names};
use super::histories::{Histories, told};
use super::loads::Loads;
use super::plan::{self, Plan, Tells};
use super::records::{Met, Records, Rows, hash};
use super::versions::Version;
use super::{Known, duplicates, notes, overlaps};

/// Rows written at a time.
const CHUNK_ROWS: usize = 65_536;

/// A night's look at what is known, while its incidents come in, piece by piece.
pub struct Ledger<'c> {
    context: &'c Context,
    folder: PathBuf,
    table: Option<Delta<'c>>,
    loads: Loads,
    records: Records,
    histories: Histories,
    /// Which records of the ledger the files told tonight.
    told: Vec<bool>,
    /// Records that the ledger did not have.
    met: Met,
    deleted: BTreeSet<(String, String)>,
    plan: Plan,
    new: Option<Growing>,
    /// Rows of the ledger that tell what is known, and since when.
    recalled: Vec<(u32, Option<Day>)>,
    /// Whether several sources may tell of one event: then nothing is given away before the end.
    merges: bool,
    /// Whether what is new is written down; those who only look leave no trace.
    writes: bool,
    held: Vec<RecordBatch>,
}

impl std::fmt::Debug for Ledger<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ledger({})", self.folder.display())
    }
}

impl<'c> Ledger<'c> {
    /// Opens a mission's ledger. `merges` says whether more than one source tells of incidents, `writes`
    /// whether what is new is written down.
    ///
    /// # Errors
    /// [`Error::File`] or [`Error::Io`] where it cannot be read.
    pub fn open(context: &'c Context, mission: &Path, merges: bool, writes: bool) -> Result<Self> {
        let folder = mission.join("ledger");
        let table = Delta::open(&context.session, &folder.join("incidents"), schema())?;
        let past = match &table {
            Some(table) => table.read(&KEYS)?,
            None => Vec::new(),
        };
        let records = Records::new(Rows::new(&past));
        Ok(Self {
            context,
            loads: Loads::open(&context.session, &folder.join("loads"))?,
            histories: Histories::new(&past, &records.of_row, records.len()),
            told: vec![false; records.len()],
            records,
            folder,
            table,
            met: Met::default(),
            deleted: BTreeSet::new(),
            plan: Plan::default(),
            new: None,
            recalled: Vec::new(),
            merges,
            writes,
            held: Vec::new(),
        })
    }

    /// Learns which records their sources deleted: to be told before the rows that they speak of.
    pub fn withdraw(&mut self, deleted: impl IntoIterator<Item = Withdrawal>) {
        let keys = deleted.into_iter().map(|one| (one.source, one.source_id));
        self.deleted.extend(keys);
    }

    /// Takes some of tonight's incidents and gives those known on the night's day, as far as they can be
    /// given before the end.
    ///
    /// # Errors
    /// Where what is new cannot be written aside.
    pub fn take(&mut self, incidents: Incidents) -> Result<Incidents> {
        let piece = incidents.into_batch();
        let (mut new, mut here) = (Vec::new(), Vec::new());
        let (sources, ids) = keys_of(&piece);
        for (row, told) in (0_u32..).zip(told(&piece, &contents(&piece))) {
            let key = (sources.value(row as usize), ids.value(row as usize));
            self.plan.counts.rows += 1;
            let record = match self.meet(key) {
                Meeting::Again => {
                    self.plan.counts.repeated += 1;
                    continue;
                }
                Meeting::First(record) => record,
            };
            let at = self.night(key.0);
            let met = plan::Met {
                key,
                past: record.map_or(&[], |record| self.histories.of(record)),
                told: Some(told),
                is_deleted: !self.deleted.is_empty()
                    && self.deleted.contains(&(key.0.to_owned(), key.1.to_owned())),
            };
            let (version, tells) = self.plan.record(at, &met);
            new.extend(version.map(|version| (key, version)));
            match tells {
                Tells::Tonight(since) => here.push((row, since)),
                Tells::Ledger(row, since) => self.recalled.push((row, since)),
                Tells::Nothing => {}
            }
        }
        self.write(&new, &piece)?;
        let known = known(&piece, &here)?;
        if !self.merges {
            return Ok(known);
        }
        self.held.push(known.into_batch());
        Ok(IncidentsBuilder::default().finish())
    }

    fn meet(&mut self, key: (&str, &str)) -> Meeting {
        let hash = hash(key);
        let record = self.records.find(key, hash);
        let is_first = match record {
            Some(record) => !std::mem::replace(&mut self.told[record], true),
            None => self.met.meet(hash),
        };
        if is_first {
            Meeting::First(record)
        } else {
            Meeting::Again
        }
    }

    fn night(&mut self, source: &str) -> usize {
        let (loads, context) = (&self.loads, self.context);
        self.plan.night(source, || loads.night(context, source))
    }

    /// Writes new versions aside: no commit names them yet.
    fn write(&mut self, new: &[((&str, &str), Version)], piece: &RecordBatch) -> Result<()> {
        if new.is_empty() || !self.writes {
            return Ok(());
        }
        if self.new.is_none() {
            let folder = self.folder.join("incidents");
            self.new = Some(Growing::new(&folder, &schema())?);
        }
        if let Some(growing) = &mut self.new {
            for chunk in new.chunks(CHUNK_ROWS) {
                growing.write(&ledger_rows(chunk, piece)?)?;
            }
        }
        Ok(())
    }

    /// Ends the night: withdraws what the files no longer hold, writes down what is new, and gives what is
    /// left of what is known.
    ///
    /// # Errors
    /// [`Error::Gate`] where too many records of a source would be withdrawn; [`Error::File`] or
    /// [`Error::Io`] where the ledger cannot be written.
    pub fn finish(mut self, files: &[FileCount]) -> Result<Known> {
        self.withdraw_missing(files)?;
        notes::refuse(&self.plan, self.context.settings.gates.max_withdrawn_share)?;
        // Before anything is appended: rows are numbered as they were read.
        let recalled = self.recalled()?;
        if self.writes {
            self.commit(files)?;
        }
        let schema = Incidents::schema();
        self.held.push(recalled);
        let known = concat_batches(&schema, &self.held).map_err(failed)?;
        let n_known = known.num_rows();
        let (incidents, duplicates) = duplicates::merge(self.context, as_incidents(known)?)?;
        let n_unknown = self.deleted.len().saturating_sub(self.plan.counts.deleted);
        Ok(Known {
            balance: self.plan.balance(n_known - incidents.len())?,
            overlaps: overlaps::overlaps(self.context, &incidents, &duplicates),
            incidents,
            duplicates,
            digest: self.plan.digest(),
            news: notes::notes(&self.plan, n_unknown),
            vintages: self.plan.vintages,
        })
    }

    /// Records of the ledger that the files of their source did not tell.
    fn withdraw_missing(&mut self, files: &[FileCount]) -> Result<()> {
        let read: BTreeSet<&str> = files.iter().map(|file| file.source.as_str()).collect();
        let records = std::mem::take(&mut self.records);
        let mut gone = Vec::new();
        let told = std::mem::take(&mut self.told);
        for record in (0..records.len()).filter(|&record| !told[record]) {
            let key = records.key(record);
            if !read.contains(key.0) {
                continue;
            }
            let at = self.night(key.0);
            let met = plan::Met {
                key,
                past: self.histories.of(record),
                told: None,
                is_deleted: self.deleted.contains(&(key.0.to_owned(), key.1.to_owned())),
            };
            let (version, tells) = self.plan.record(at, &met);
            gone.extend(version.map(|version| (key, version)));
            if let Tells::Ledger(row, since) = tells {
                self.recalled.push((row, since));
            }
        }
        self.write(&gone, &RecordBatch::new_empty(Incidents::schema()))
    }

    fn commit(&mut self, files: &[FileCount]) -> Result<()> {
        let session = &self.context.session;
        let incidents = self.folder.join("incidents");
        if let Some(new) = self.new.take() {
            let table = match self.table.take() {
                Some(table) => Ok(table),
                None => Delta::create(session, &incidents, schema()),
            };
            table?.append(new)?;
        }
        let nights = (&self.plan.nights[..], &self.plan.vintages[..]);
        self.loads
            .write(session, &self.folder.join("loads"), files, nights)
    }

    /// Rows of the ledger that are known on the night's day and that the files no longer tell so.
    fn recalled(&mut self) -> Result<RecordBatch> {
        let Some(table) = self.table.as_ref().filter(|_| !self.recalled.is_empty()) else {
            return Ok(RecordBatch::new_empty(Incidents::schema()));
        };
        let values = value_names();
        let names: Vec<&str> = ["source", "source_id", "known_at"]
            .into_iter()
            .chain(values.iter().map(String::as_str))
            .collect();
        let batches = table.read(&names)?;
        let schema = batches.first().map(RecordBatch::schema);
        let schema = schema.unwrap_or_else(Incidents::schema);
        let all = concat_batches(&schema, &batches).map_err(failed)?;
        self.recalled.sort_unstable();
        known(&all, &self.recalled).map(Incidents::into_batch)
    }
}

/// How a key is met.
enum Meeting {
    /// For the first time tonight, with the ledger's record of it, if it has one.
    First(Option<usize>),
    /// Told again tonight.
    Again,
}

/// Sources and ids of some incidents.
fn keys_of(piece: &RecordBatch) -> (&StringArray, &StringArray) {
    let column = |name: &str| piece.column_by_name(name).map(AsArray::as_string::<i32>);
    let (sources, ids) = (column("source"), column("source_id"));
    sources.zip(ids).expect("incidents have both columns")
}

/// The rows at these positions, each with the day since when it is known.
fn known(rows: &RecordBatch, at: &[(u32, Option<Day>)]) -> Result<Incidents> {
    // Most nights every row of the files is known as it stands: then nothing is copied.
    let is_whole = at.len() == rows.num_rows();
    let days: Date32Array = at.iter().map(|(_, day)| day.map(|day| day.0)).collect();
    let rows = if is_whole && rows.schema() == Incidents::schema() {
        rows.clone()
    } else {
        let at = UInt32Array::from_iter_values(at.iter().map(|&(row, _)| row));
        rows_at(rows, &Incidents::schema(), &at).map_err(failed)?
    };
    let mut columns = rows.columns().to_vec();
    let at = Incidents::schema().index_of("known_at").map_err(failed)?;
    columns[at] = Arc::new(days);
    as_incidents(RecordBatch::try_new(Incidents::schema(), columns).map_err(failed)?)
}

fn as_incidents(rows: RecordBatch) -> Result<Incidents> {
    Incidents::from_batch(rows).map_err(|_schema| Error::Statistic {
        stage: "ledger",
        reason: "its rows are not incidents".to_owned(),
    })
}

fn failed(why: arrow::error::ArrowError) -> Error {
    Error::statistic("ledger")(why)
}
