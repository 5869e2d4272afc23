//! One night: the pipeline as one function, and the only part that names two stages.

mod backtest;
mod identity;
mod read;

use std::collections::BTreeMap;
use std::path::PathBuf;

use h3o::CellIndex;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::publish::{self, MissionLock, RunRecord, TierTables};
use crate::tables::{
    Balance, CorridorExposure, Detections, DetectorRecord, Doubt, Expected, Forecasts, Gate,
    MovementAlerts, OutreachPlan, PatrolPlans, Reporting, SeasonPhase, StudyArea, Surroundings,
    Vintage, Zones,
};
use crate::{detect, forecast, gates, index, indicators, outreach, plan, reporting, season, zones};

use identity::Identity;
use read::Read;

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
            &self.warned.notes,
            &self.outreach.notes,
            &self.patrols.notes,
        ];
        notes.into_iter().flatten().cloned().collect()
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
    roads_open: &BTreeMap<CellIndex, bool>,
) -> Result<indicators::Indicators> {
    let (around, study_area) = (&read.surroundings, &index.study_area);
    let areas = index::AreaIndex::new(&read.boundaries);
    let people = index::population(&around.population, study_area, &areas)?;
    let as_of = context.as_of;
    let displaced = index::displaced(&around.displacement, as_of, &people, study_area, &areas)?;
    let input = indicators::Input {
        context,
        study_area,
        facts: &index.facts,
        expected: &season.expected,
        surroundings: around,
        displaced_e6: &displaced.persons_e6,
        roads_open,
    };
    indicators::run(&input, zones)
}

/// Where outreach goes, and what can be done in each zone, which is told it.
fn planned(
    (context, read, index): (&Context, &Read, &index::Index),
    (expected, reporting, moving, warned): (
        &Expected,
        &Reporting,
        &Moving,
        &indicators::Indicators,
    ),
    (roads_open, zones): (&BTreeMap<CellIndex, bool>, &mut Zones),
) -> Result<OutreachPlan> {
    let input = outreach::Input {
        context,
        study_area: &index.study_area,
        facts: &index.facts,
        expected,
        reporting,
        phases: &moving.seasons.phases,
        corridors: &moving.corridors,
        surroundings: &read.surroundings,
        places: &read.places,
        early_warnings: &warned.warnings,
        roads_open,
        along: index::cells_along,
    };
    outreach::run(&input, zones)
}

/// Where patrols could go in the coming week, by the roads that are open then.
fn patrolled(
    (context, read, index): (&Context, &Read, &index::Index),
    (expected, reporting, zones, warned): (&Expected, &Reporting, &Zones, &indicators::Indicators),
) -> Result<PatrolPlans> {
    let study_area = &index.study_area;
    let first_day = plan::planned_week(context).first_day();
    plan::run(&plan::Input {
        context,
        study_area,
        expected,
        reporting,
        zones,
        warnings: &warned.warnings,
        facts: &index.facts,
        places: &read.places,
        surroundings: &read.surroundings,
        roads_open: &roads_open(read, study_area, first_day),
    })
}

/// Cells with a road, and whether it is open on a day.
fn roads_open(read: &Read, study_area: &StudyArea, day: Day) -> BTreeMap<CellIndex, bool> {
    let resolution = study_area.grid.cells()[0].resolution();
    index::roads_open(&read.surroundings.lines, day, resolution)
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
