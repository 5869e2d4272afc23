//! One night: the pipeline as one function, and the only part that names two stages.

mod backtest;
mod identity;
mod read;

use std::path::PathBuf;

use crate::base::Context;
use crate::base::error::Result;
use crate::publish::{self, MissionLock, RunRecord, TierTables};
use crate::tables::{
    Balance, CorridorExposure, Detections, DetectorRecord, Doubt, Expected, Forecasts, Gate,
    MovementAlerts, Reporting, SeasonPhase, StudyArea, Surroundings, Vintage, Zones,
};
use crate::{detect, forecast, gates, index, indicators, reporting, season, zones};

use identity::Identity;
use read::Read;

pub use backtest::{BACKTEST_STAGES, backtest};
pub use read::{Inputs, read_and_count};

/// Steps of the progress bar.
pub const STAGES: u64 = 10;

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

    let (read, counts) = Read::all(context, inputs, true)?;

    context.progress.stage("index");
    let age_days = counts.age_days;
    let index = index::place(context, counts, (&read.boundaries, &read.places))?;
    let gates = gates::check(context, read.believed.clone(), age_days, &index.balance)?;

    let told = Told::of(context, &read, &index)?;

    context.progress.stage("publish");
    publish(context, &lock, read, (&index, &gates), told)
}

/// What the stages between index and publication tell.
struct Told {
    season: season::Season,
    moving: Moving,
    /// The season's expectation, with the posterior given reporting.
    expected: Expected,
    reporting: Reporting,
    detected: Detections,
    zones: Zones,
    forecasts: Forecasts,
    warned: indicators::Indicators,
}

impl Told {
    fn of(context: &Context, read: &Read, index: &index::Index) -> Result<Self> {
        let study_area = &index.study_area;
        context.progress.stage("season");
        let season = season::run(context, study_area, &index.placed)?;
        let moving = Moving::of(context, study_area, &read.surroundings)?;

        context.progress.stage("reporting");
        let (expected, reporting) = reported(context, read, index, &season)?;

        context.progress.stage("detect");
        let detected = detect::run(&detect::Input {
            context,
            study_area,
            expected: &season.expected,
            steps: &season.steps,
            neighbours: &index.neighbours,
            placed: &index.placed,
            phases: &season.weeks,
            boundaries: &read.boundaries,
            effort: &read.surroundings.effort,
        })?;

        context.progress.stage("zones");
        let mut zones = zones::run(&zones::Input {
            context,
            study_area,
            neighbours: &index.neighbours,
            cell_weeks: &index.placed.cell_weeks,
            expected: &expected,
            reporting: &reporting,
            detections: &detected,
            window: &index.placed.window,
            phase: &season.phase,
            phases: &moving.seasons.phases,
            corridors: &moving.corridors,
            places: &read.places,
        })?;

        context.progress.stage("forecast");
        let forecasts = forecast(context, index, &mut zones)?;

        context.progress.stage("indicators");
        let warned = warned(context, read, index, (&season, &mut zones))?;
        Ok(Self {
            season,
            moving,
            expected,
            reporting,
            detected,
            zones,
            forecasts,
            warned,
        })
    }
}

/// What is known of reporting, and the expectation with the posterior given it.
fn reported(
    context: &Context,
    read: &Read,
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
        surroundings: &read.surroundings,
        overlaps: &read.overlaps,
        along: index::cells_along,
    })
}

/// How likely incidents are in the next weeks, and what that comes to for the zones, which are told it.
fn forecast(context: &Context, index: &index::Index, zones: &mut Zones) -> Result<Forecasts> {
    let mut forecasts = forecast::night(context, &index.study_area, &index.history)?;
    forecasts.record.zones = forecast::zones(&forecasts, zones, &index.study_area);
    for (zone, told) in zones.rows.iter_mut().zip(&forecasts.record.zones) {
        zone.p_event_28d = Some(Doubt {
            mean: told.p_event_28d,
            lo: told.p_event_28d_lo,
            hi: told.p_event_28d_hi,
        });
    }
    Ok(forecasts)
}

/// What indicators say of the zones, which are told it, and of every cell.
fn warned(
    context: &Context,
    read: &Read,
    index: &index::Index,
    (season, zones): (&season::Season, &mut Zones),
) -> Result<indicators::Indicators> {
    let (around, study_area) = (&read.surroundings, &index.study_area);
    let areas = index::AreaIndex::new(&read.boundaries);
    let people = index::population(&around.population, study_area, &areas)?;
    let as_of = context.as_of;
    let displaced = index::displaced(&around.displacement, as_of, &people, study_area, &areas)?;
    let resolution = study_area.grid.cells()[0].resolution();
    let input = indicators::Input {
        context,
        study_area,
        facts: &index.facts,
        expected: &season.expected,
        surroundings: around,
        displaced_e6: &displaced.persons_e6,
        roads_open: &index::roads_open(&around.lines, as_of, resolution),
    };
    indicators::run(&input, zones)
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

/// Writes the snapshot.
fn publish(
    context: &Context,
    lock: &MissionLock,
    read: Read,
    (index, gates): (&index::Index, &[Gate]),
    told: Told,
) -> Result<Night> {
    let stages = [
        read.balances,
        vec![index.balance.clone(), told.warned.balance],
    ];
    let stages = stages.concat();
    let warnings = [
        read.notes,
        index.notes.clone(),
        told.season.notes,
        told.moving.seasons.notes,
        told.detected.notes,
        told.warned.notes,
    ]
    .concat();
    let identity = Identity::of(context, &read.files, &read.known_digest);
    let tier = TierTables {
        disclosure: publish::RESTRICTED,
        mission: &context.settings.mission,
        run_digest: &identity.digest,
        window: (context.first_week(), context.last_week()),
        phase: &told.season.phase,
        zones: &told.zones,
        study_area: &index.study_area,
        expected: &told.expected,
        reporting: &told.reporting,
        signals: &told.detected.signals,
        classes: &told.detected.classes,
        indicators: &told.warned.values,
        zone_indicators: &told.warned.of_zones,
        early_warnings: &told.warned.warnings,
        forecasts: &told.forecasts,
    };
    let findings = told.detected.findings;
    let record = RunRecord {
        head: identity.head(context),
        inputs: &read.files,
        stages: &stages,
        detectors: &told.detected.records,
        placements: told.detected.placements,
        findings: &findings.with_zones(&told.zones, &index.study_area),
        reporting: &told.reporting.record,
        indicators: &told.warned.record,
        forecast: &told.forecasts.record,
        gates,
        seasons: &told.moving.now,
        movement_alerts: &told.moving.seasons.alerts,
        warnings: &warnings,
    };
    let snapshot = publish::publish(lock, &tier, &record, &read.rejections)?;
    Ok(Night {
        snapshot,
        run_id: identity.run_id,
        synthetic: context.settings.mission.synthetic,
        stages,
        detectors: told.detected.records,
        zones: told.zones,
        seasons: told.moving.now,
        movement_alerts: told.moving.seasons.alerts,
        warnings,
        vintages: read.vintages,
        news: read.news,
    })
}
