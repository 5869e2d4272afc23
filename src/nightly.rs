//! One night: the pipeline as one function, and the only part that names two stages.

mod identity;
mod read;

use std::path::PathBuf;

use crate::base::Context;
use crate::base::error::Result;
use crate::publish::{self, MissionLock, RunRecord, TierTables};
use crate::tables::{
    Balance, Boundaries, CorridorExposure, Detections, DetectorRecord, Expected, MovementAlerts,
    Overlap, Places, Reporting, SeasonPhase, StudyArea, Surroundings, Vintage, Zones,
};
use crate::{detect, gates, index, indicators, reporting, season, zones};

use identity::Identity;
use read::Read;

pub use read::{Inputs, read_and_count};

/// Steps of the progress bar.
pub const STAGES: u64 = 9;

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
    /// Movable seasons on the as-of date.
    pub seasons: Vec<SeasonPhase>,
    /// What counting points tell that differs from them.
    pub movement_alerts: MovementAlerts,
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
    let moving = Moving::of(context, &index.study_area, &read.surroundings)?;

    context.progress.stage("reporting");
    let told = (&read.surroundings, &read.overlaps[..]);
    let (expected, reporting) = reported(context, told, &index, &season)?;

    context.progress.stage("detect");
    let detected = detect::run(&detect::Input {
        context,
        study_area: &index.study_area,
        expected: &season.expected,
        steps: &season.steps,
        neighbours: &index.neighbours,
        placed: &index.placed,
        phases: &season.weeks,
        boundaries: &read.boundaries,
        effort: &read.surroundings.effort,
    })?;

    let around = (&read.places, &read.surroundings, &read.boundaries);
    let told = ((&season, &moving), &detected, &expected, &reporting);
    let (zones, warned) = rank(context, around, &index, told)?;

    context.progress.stage("publish");
    let stages = [read.balances, vec![index.balance, warned.balance]].concat();
    let warnings = [
        read.notes,
        index.notes,
        season.notes,
        moving.seasons.notes,
        detected.notes,
        warned.notes,
    ]
    .concat();
    let identity = Identity::of(context, &read.files, &read.known_digest);
    let tier = TierTables {
        disclosure: publish::RESTRICTED,
        mission: &context.settings.mission,
        run_digest: &identity.digest,
        window: (context.first_week(), context.last_week()),
        phase: &season.phase,
        zones: &zones,
        study_area: &index.study_area,
        expected: &expected,
        reporting: &reporting,
        signals: &detected.signals,
        classes: &detected.classes,
        indicators: &warned.values,
        zone_indicators: &warned.of_zones,
        early_warnings: &warned.warnings,
    };
    let findings = detected.findings.with_zones(&zones, &index.study_area);
    let record = RunRecord {
        head: identity.head(context),
        inputs: &read.files,
        stages: &stages,
        detectors: &detected.records,
        placements: detected.placements,
        findings: &findings,
        reporting: &reporting.record,
        indicators: &warned.record,
        gates: &gates,
        seasons: &moving.now,
        movement_alerts: &moving.seasons.alerts,
        warnings: &warnings,
    };
    Ok(Night {
        snapshot: publish::publish(&lock, &tier, &record, &read.rejections)?,
        run_id: identity.run_id,
        synthetic: context.settings.mission.synthetic,
        stages,
        detectors: detected.records,
        zones,
        seasons: moving.now,
        movement_alerts: moving.seasons.alerts,
        warnings,
        vintages: read.vintages,
        news: read.news,
    })
}

/// What is known of reporting, and the expectation with the posterior given it.
fn reported(
    context: &Context,
    (surroundings, overlaps): (&Surroundings, &[Overlap]),
    index: &index::Index,
    season: &season::Season,
) -> Result<(Expected, Reporting)> {
    reporting::run(&reporting::Input {
        context,
        study_area: &index.study_area,
        neighbours: &index.neighbours,
        placed: &index.placed,
        facts: &index.facts,
        expected: &season.expected,
        steps: &season.steps,
        surroundings,
        overlaps,
        along: index::cells_along,
    })
}

/// What moves with the seasons, and along what.
struct Moving {
    seasons: season::Movable,
    /// The seasons of the as-of date.
    now: Vec<SeasonPhase>,
    corridors: CorridorExposure,
}

impl Moving {
    fn of(context: &Context, study_area: &StudyArea, around: &Surroundings) -> Result<Self> {
        let seasons = season::movable(context, study_area, around)?;
        let scale_km = context.settings.season.corridor_scale_km;
        Ok(Self {
            now: seasons.phases.on(context.as_of).cloned().collect(),
            corridors: index::corridor_exposure(study_area, &around.lines, scale_km),
            seasons,
        })
    }
}

/// What earlier stages say: the season, what stands out, the posterior given reporting, and reporting itself.
type Told<'a> = (
    (&'a season::Season, &'a Moving),
    &'a Detections,
    &'a Expected,
    &'a Reporting,
);

/// Ranked zones, and what indicators say of them and of every cell.
fn rank(
    context: &Context,
    (places, surroundings, boundaries): (&Places, &Surroundings, &Boundaries),
    index: &index::Index,
    ((season, moving), detected, expected, reporting): Told<'_>,
) -> Result<(Zones, indicators::Indicators)> {
    context.progress.stage("zones");
    let study_area = &index.study_area;
    let mut zones = zones::run(&zones::Input {
        context,
        study_area,
        neighbours: &index.neighbours,
        cell_weeks: &index.placed.cell_weeks,
        expected,
        reporting,
        detections: detected,
        window: &index.placed.window,
        phase: &season.phase,
        phases: &moving.seasons.phases,
        corridors: &moving.corridors,
        places,
    })?;

    context.progress.stage("indicators");
    let areas = index::AreaIndex::new(boundaries);
    let people = index::population(&surroundings.population, study_area, &areas)?;
    let counts = &surroundings.displacement;
    let displaced = index::displaced(counts, context.as_of, &people, study_area, &areas)?;
    let resolution = study_area.grid.cells()[0].resolution();
    let roads = index::roads_open(&surroundings.lines, context.as_of, resolution);
    let input = indicators::Input {
        context,
        study_area,
        facts: &index.facts,
        expected: &season.expected,
        surroundings,
        displaced_e6: &displaced.persons_e6,
        roads_open: &roads,
    };
    let warned = indicators::run(&input, &mut zones)?;
    Ok((zones, warned))
}
