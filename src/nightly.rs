//! One night: the pipeline as one function, and the only part that names two stages.

mod backtest;
mod identity;
mod read;
mod stages;

use std::path::PathBuf;

use crate::base::Context;
use crate::base::error::Result;
use crate::publish::{self, MissionLock, RunRecord, TierTables};
use crate::tables::{
    Balance, Detections, DetectorRecord, Expected, Forecasts, Gate, MovementAlerts, OutreachPlan,
    PatrolPlans, Reporting, SeasonPhase, StudyArea, Vintage, Zones,
};
use crate::{gates, index, indicators, season, zones};

use identity::Identity;
use read::Read;
use stages::{Moving, detected, forecast, patrolled, planned, reported, roads_open, warned};

pub use backtest::{BACKTEST_STAGES, backtest};
pub use read::{Inputs, read_and_count};

/// Steps of the progress bar.
pub const STAGES: u64 = 12;

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
    /// What patrols could do next week.
    pub patrols: PatrolPlans,
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
    outreach: OutreachPlan,
    patrols: PatrolPlans,
}

impl Told {
    fn of(context: &Context, read: &Read, index: &index::Index) -> Result<Self> {
        let study_area = &index.study_area;
        context.progress.stage("season");
        let moving = Moving::of(context, study_area, &read.surroundings)?;
        let phases = &moving.seasons.phases;
        let known = (&index.facts, &read.surroundings.effort, phases);
        let season = season::run(context, study_area, &index.placed, known)?;

        context.progress.stage("reporting");
        let (expected, reporting) = reported(context, read, index, &season)?;

        context.progress.stage("detect");
        let detected = detected(context, read, index, &season)?;

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
            lines: &read.surroundings.lines,
            along: index::cells_along,
        })?;

        context.progress.stage("forecast");
        let forecasts = forecast(context, index, &mut zones)?;

        context.progress.stage("indicators");
        let now_open = roads_open(read, study_area, context.as_of);
        let warned = warned(context, read, index, (&season, &mut zones), &now_open)?;

        context.progress.stage("outreach");
        let outreach = planned(
            (context, read, index),
            (&expected, &reporting, &moving, &warned),
            (&now_open, &mut zones),
        )?;

        context.progress.stage("plan");
        let patrols = patrolled(
            (context, read, index),
            (&expected, &reporting, &zones, &warned),
        )?;
        Ok(Self {
            season,
            moving,
            expected,
            reporting,
            detected,
            zones,
            forecasts,
            warned,
            outreach,
            patrols,
        })
    }

    /// What the restricted tier is written from.
    fn tier<'a>(
        &'a self,
        context: &'a Context,
        run_digest: &'a str,
        read: &'a Read,
        study_area: &'a StudyArea,
    ) -> TierTables<'a> {
        TierTables {
            disclosure: publish::RESTRICTED,
            mission: &context.settings.mission,
            run_digest,
            window: (context.first_week(), context.last_week()),
            phase: &self.season.phase,
            zones: &self.zones,
            study_area,
            expected: &self.expected,
            reporting: &self.reporting,
            signals: &self.detected.signals,
            classes: &self.detected.classes,
            indicators: &self.warned.values,
            zone_indicators: &self.warned.of_zones,
            early_warnings: &self.warned.warnings,
            forecasts: &self.forecasts,
            outreach: &self.outreach,
            patrols: &self.patrols,
            ground: publish::Ground {
                as_of: context.as_of,
                boundaries: &read.boundaries,
                lines: &read.surroundings.lines,
                places: &read.places,
                seasons: &self.moving.now,
                steps: Some(&self.season.steps),
            },
        }
    }

    /// What a reader should know, in the order of the stages.
    fn notes(&self) -> Vec<String> {
        let notes = [
            &self.season.notes,
            &self.moving.seasons.notes,
            &self.detected.notes,
            &self.forecasts.record.notes,
            &self.warned.notes,
            &self.outreach.notes,
            &self.patrols.notes,
        ];
        notes.into_iter().flatten().cloned().collect()
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
    let warnings = [read.notes.clone(), index.notes.clone(), told.notes()].concat();
    let stages = [
        read.balances.clone(),
        vec![
            index.balance.clone(),
            told.warned.balance.clone(),
            told.outreach.balance.clone(),
        ],
    ];
    let stages = stages.concat();
    let identity = Identity::of(context, &read.files, &read.known_digest);
    let tier = told.tier(context, &identity.digest, &read, &index.study_area);
    let findings = told.detected.findings.clone();
    let record = RunRecord {
        head: identity.head(context),
        inputs: &read.files,
        stages: &stages,
        detectors: &told.detected.records,
        placements: told.detected.placements,
        findings: &findings.with_zones(&told.zones, &index.study_area),
        reporting: &told.reporting.record,
        indicators: &told.warned.record,
        outreach: &told.outreach.record,
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
        patrols: told.patrols,
        seasons: told.moving.now,
        movement_alerts: told.moving.seasons.alerts,
        warnings,
        vintages: read.vintages,
        news: read.news,
    })
}
