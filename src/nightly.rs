//! One night: the pipeline as one function, and the only file that names two stages.

use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::base::Context;
use crate::base::digest;
use crate::base::error::Result;
use crate::base::settings::Settings;
use crate::gates;
use crate::ledger::Ledger;
use crate::publish::{self, MissionLock, RunRecord, TierTables};
use crate::tables::{
    Balance, Boundaries, DetectorRecord, FileCount, Gate, Intake, Piece, PlacementRecord, Places,
    Rejections, Surroundings, Vintage, Zones,
};
use crate::{detect, index, season, sources, zones};

/// Steps of the progress bar.
pub const STAGES: u64 = 7;

/// What a night brought.
#[derive(Debug)]
pub struct Night {
    /// As-of date and digest.
    pub run_id: String,
    /// The published snapshot.
    pub snapshot: PathBuf,
    /// Whether the data are invented.
    pub synthetic: bool,
    /// The books of every stage.
    pub stages: Vec<Balance>,
    /// What each detector tested and found.
    pub detectors: Vec<DetectorRecord>,
    /// Ranked zones.
    pub zones: Zones,
    /// What a reader should know before trusting them.
    pub warnings: Vec<String>,
    /// What came, changed and went since the last night, by source; no part of the snapshot, since the
    /// same night run again brings nothing.
    pub vintages: Vec<Vintage>,
    /// The same in words, where a reader should know.
    pub news: Vec<String>,
}

/// Reads, places, compares, detects, ranks and publishes.
///
/// # Errors
/// Whatever stops a night; the last published snapshot stays as it was.
pub fn run(context: &Context, inputs: Inputs<'_>) -> Result<Night> {
    let lock = MissionLock::take(inputs.mission)?;

    let read = Read::all(context, inputs)?;

    context.progress.stage("index");
    let age_days = read.counts.age_days;
    let index = index::place(context, read.counts, (&read.boundaries, &read.places))?;
    let gates = gates::check(context, read.believed, age_days, &index.balance)?;

    context.progress.stage("season");
    let season = season::run(context, &index.study_area, &index.placed)?;

    context.progress.stage("detect");
    let detected = detect::run(&detect::Input {
        context,
        study_area: &index.study_area,
        expected: &season.expected,
        steps: &season.steps,
        neighbours: &index.neighbours,
        window: &index.placed.window,
    })?;

    context.progress.stage("zones");
    let zones = zones::run(&zones::Input {
        context,
        study_area: &index.study_area,
        neighbours: &index.neighbours,
        cell_weeks: &index.placed.cell_weeks,
        expected: &season.expected,
        detections: &detected,
        phase: &season.phase,
        places: &read.places,
        window: &index.placed.window,
    })?;

    context.progress.stage("publish");
    let stages = [read.balances, vec![index.balance]].concat();
    let warnings = [read.notes, index.notes, season.notes, detected.notes].concat();
    let identity = Identity::of(context, &read.files, &read.known_digest);
    let tier = TierTables {
        disclosure: publish::RESTRICTED,
        mission: &context.settings.mission,
        run_digest: &identity.digest,
        window: (context.first_week(), context.last_week()),
        phase: &season.phase,
        zones: &zones,
        study_area: &index.study_area,
        expected: &season.expected,
        signals: &detected.signals,
        classes: &detected.classes,
    };
    let (detectors, gates) = (&detected.records[..], &gates[..]);
    let placements = detected.placements;
    let books = (&stages[..], detectors, placements, gates, &warnings[..]);
    let record = record(context, &identity, &read.files, books);
    Ok(Night {
        snapshot: publish::publish(&lock, &tier, &record, &read.rejections)?,
        run_id: identity.run_id,
        synthetic: context.settings.mission.synthetic,
        stages,
        detectors: detected.records,
        zones,
        warnings,
        vintages: read.vintages,
        news: read.news,
    })
}

/// Where the inputs lie, and the program that decodes what others packed.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The mission's folder.
    pub mission: &'a Path,
    /// The data folder, where there is one.
    pub data: Option<&'a Path>,
    /// See [`sources::Reading::helper`].
    pub helper: Option<&'a Path>,
}

/// Reads the inputs while someone takes their incidents, piece by piece: ten million need not be in memory at
/// once. Pieces come in the order of the files.
fn read_in_pieces(
    context: &Context,
    inputs: Inputs<'_>,
    take: impl FnMut(Piece) -> Result<()>,
) -> Result<Intake> {
    let (onward, pieces) = sync_channel(1);
    let (settings, as_of) = (&context.settings, Some(context.as_of));
    let Inputs {
        mission,
        data,
        helper,
    } = inputs;
    let (taken, read) = thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut intake = Intake {
                onward: Some(onward),
                ..Intake::default()
            };
            sources::read_into(settings, as_of, mission, data, helper, &mut intake)?;
            intake.hand_on_all();
            intake.onward = None;
            Ok(intake)
        });
        let taken = pieces.iter().try_for_each(take);
        drop(pieces);
        (taken, reading.join())
    });
    let intake = read.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    taken.map(|()| intake)
}

/// Reads the inputs while the index counts their incidents as the files tell them, the ledger left out.
///
/// # Errors
/// Where a file cannot be taken as a whole, or a statement fails.
pub fn read_and_count(context: &Context, inputs: Inputs<'_>) -> Result<(Intake, index::Counts)> {
    let mut counts = index::Counts::default();
    let intake = read_in_pieces(context, inputs, |piece| {
        counts.know(context, &piece.middles)?;
        counts.add(context, piece.incidents)
    })?;
    Ok((intake, counts))
}

/// What is known on the night's day, as finished tables.
struct Read {
    counts: index::Counts,
    known_digest: String,
    places: Places,
    #[allow(dead_code, reason = "the stages that read them come next")]
    surroundings: Surroundings,
    boundaries: Boundaries,
    rejections: Rejections,
    files: Vec<FileCount>,
    balances: Vec<Balance>,
    believed: Gate,
    vintages: Vec<Vintage>,
    news: Vec<String>,
    notes: Vec<String>,
}

impl Read {
    /// Reads the files, holds them against the ledger, and counts what is known, all at once.
    fn all(context: &Context, inputs: Inputs<'_>) -> Result<Self> {
        context.progress.stage("sources");
        let merges = sources::tell_of_incidents(&context.settings) > 1;
        let mut ledger = Ledger::open(context, inputs.mission, merges, true)?;
        let mut counts = index::Counts::default();
        let mut intake = read_in_pieces(context, inputs, |piece| {
            ledger.withdraw(piece.withdrawals);
            counts.know(context, &piece.middles)?;
            counts.add(context, ledger.take(piece.incidents)?)
        })?;
        intake.files.sort();
        let balance = balance(&intake.files)?;
        let believed = gates::believe(context, &intake.files)?;
        context.progress.stage("ledger");
        let known = ledger.finish(&intake.files)?;
        counts.add(context, known.incidents)?;
        Ok(Self {
            counts,
            known_digest: known.digest,
            surroundings: Surroundings::take(&mut intake),
            places: Places::new(intake.places),
            boundaries: Boundaries::new(intake.areas),
            rejections: Rejections::new(intake.rejections),
            notes: intake.notes,
            files: intake.files,
            balances: vec![balance, known.balance],
            believed,
            vintages: known.vintages,
            news: known.news,
        })
    }
}

/// Rows of all files together: taken, left aside or rejected, none is neither.
fn balance(files: &[FileCount]) -> Result<Balance> {
    let sum = |count: fn(&FileCount) -> u64| {
        let counts = files.iter().map(count);
        counts.map(|n| i64::try_from(n).unwrap_or(i64::MAX)).sum()
    };
    let came_out = [
        ("taken", sum(|file| file.rows_taken)),
        ("left_aside", sum(|file| file.rows_left_aside)),
        ("rejected", sum(|file| file.rows_rejected)),
    ];
    Balance::close("sources", "rows", sum(|file| file.rows_read), came_out)
}

/// A run is a function of its inputs, of what is known of them, settings, as-of date and seed: its name
/// is their digest.
struct Identity {
    run_id: String,
    digest: String,
    settings_digest: String,
}

impl Identity {
    fn of(context: &Context, files: &[FileCount], known: &str) -> Self {
        let settings_digest = context.settings.digest();
        let as_of = context.as_of.to_string();
        let seed = context.seed.0.to_string();
        let version = env!("CARGO_PKG_VERSION");
        let head = [version, &settings_digest, &as_of, &seed, known];
        let inputs = files
            .iter()
            .flat_map(|file| [file.source.as_str(), file.digest.as_str()]);
        let digest = digest::of_parts(head.into_iter().chain(inputs).map(str::as_bytes));
        Self {
            run_id: format!("{as_of}-{}", &digest[..12]),
            digest,
            settings_digest,
        }
    }
}

/// Stages, detectors, placements, gates and warnings of a night.
type Books<'a> = (
    &'a [Balance],
    &'a [DetectorRecord],
    PlacementRecord,
    &'a [Gate],
    &'a [String],
);

fn record<'a>(
    context: &'a Context,
    identity: &'a Identity,
    inputs: &'a [FileCount],
    (stages, detectors, placements, gates, warnings): Books<'a>,
) -> RunRecord<'a> {
    let settings: &Settings = &context.settings;
    RunRecord {
        schema_version: publish::SCHEMA_VERSION,
        notice: settings
            .mission
            .synthetic
            .then_some(publish::SYNTHETIC_NOTICE),
        run_id: &identity.run_id,
        run_digest: &identity.digest,
        mission: &settings.mission.name,
        synthetic: settings.mission.synthetic,
        as_of: context.as_of.to_string(),
        seed: context.seed.0,
        settings,
        settings_digest: &identity.settings_digest,
        sources: sources::provenance(settings),
        inputs,
        stages,
        detectors,
        placements,
        gates,
        warnings,
        versions: publish::VERSIONS.iter().copied().collect(),
    }
}
