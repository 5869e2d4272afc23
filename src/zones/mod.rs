//! Stage: from hot cells to ranked zones with their doubt and their reasons.

mod axes;
mod hot;
mod name;
mod ranks;
mod reasons;
mod reporting;
mod seasons;
mod stability;

use std::collections::BTreeMap;

use arrow::array::{Array, StringArray};
use forewarn_models::grid::Neighbours;
use forewarn_models::rank::Placements;
use forewarn_models::risk::GammaPosterior;
use forewarn_models::zone;
use h3o::{CellIndex, Resolution};

use crate::base::Context;
use crate::base::code::ZoneKind;
use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::tables::{
    CellWeeks, CorridorExposure, Detections, Expected, Lines, Phases, Places, Reason, Reporting,
    StudyArea, Zone, Zones,
};

/// What this stage reads.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Settings, seed, dates.
    pub context: &'a Context,
    /// The cells.
    pub study_area: &'a StudyArea,
    /// The detectors' neighbourhoods.
    pub neighbours: &'a Neighbours,
    /// Reports by cell and week.
    pub cell_weeks: &'a CellWeeks,
    /// Observed, expected, posterior.
    pub expected: &'a Expected,
    /// How likely incidents are to be reported.
    pub reporting: &'a Reporting,
    /// What the detectors say.
    pub detections: &'a Detections,
    /// The window's records as they are known.
    pub window: &'a Placements,
    /// Phase of the season.
    pub phase: &'a str,
    /// Movable seasons.
    pub phases: &'a Phases,
    /// How close cells lie to corridors.
    pub corridors: &'a CorridorExposure,
    /// Named places.
    pub places: &'a Places,
    /// Roads and paths.
    pub lines: &'a Lines,
    /// The cells that a line crosses, each touching the next one.
    pub along: fn(&geo::LineString<f64>, Resolution) -> Vec<CellIndex>,
}

impl Input<'_> {
    /// What the detectors call hot.
    fn hot(&self) -> hot::Hot<'_> {
        hot::Hot {
            signals: &self.detections.signals,
            neighbours: self.neighbours,
            n_cells: self.study_area.grid.len(),
        }
    }
}

/// Grows hot cells into zones and ranks them.
///
/// # Errors
/// Where a posterior or a name cannot be made: faults of an earlier stage.
pub fn run(input: &Input<'_>) -> Result<Zones> {
    let settings = &input.context.settings.zones;
    let grid = &input.study_area.grid;
    let expected = input.expected;
    let (shapes, rates) = (expected.posterior_shape(), expected.posterior_rate());
    let posteriors = posteriors(shapes.values(), rates.values())?;
    let hot = input.hot();
    let seeds = hot.seeds();
    let gain: Vec<f64> = posteriors
        .iter()
        .zip(grid.area_km2())
        .map(|(posterior, area_km2)| posterior.mean() * area_km2)
        .collect();
    // Zones are contiguous whatever the detector's neighbourhood: one ring.
    let adjacent = Neighbours::ring(grid, 1);
    let axes = axes::Axes::of(input, &seeds);
    let grown = zone::grow_along(
        &adjacent,
        &seeds,
        &gain,
        grid.area_km2(),
        settings.max_area_km2,
        axes.chains(),
    )
    .map_err(Error::statistic("zones"))?;
    let ways: BTreeMap<Vec<u32>, u32> = grown
        .iter()
        .filter_map(|zone| Some((zone.cells.clone(), zone.way?)))
        .collect();
    let members: Vec<Vec<u32>> = grown.into_iter().map(|zone| zone.cells).collect();
    let (members, signals): (Vec<_>, Vec<_>) = hot
        .signals_of(&members)
        .into_iter()
        .zip(members)
        .filter(|(signals, _)| !signals.is_empty())
        .map(|(signals, members)| (members, signals))
        .unzip();
    let ranked = ranks::rank(input, &posteriors, members, signals)?;
    let last_reports = last_reports(input);
    let mut rows = Vec::new();
    for ranked in ranked.into_iter().take(usize::from(settings.max_zones)) {
        let axis = ways.get(&ranked.members).map(|&way| axes.told(way));
        rows.push(assemble(
            input,
            &posteriors,
            &last_reports,
            (&ranked, axis),
        )?);
    }
    Ok(Zones { rows })
}

fn posteriors(shapes: &[f64], rates: &[f64]) -> Result<Vec<GammaPosterior>> {
    shapes
        .iter()
        .zip(rates)
        .map(|(&shape, &rate)| ranks::posterior(shape, rate))
        .collect()
}

/// Latest day of any report in each cell, by position.
fn last_reports(input: &Input<'_>) -> Vec<Option<Day>> {
    let mut latest = vec![None; input.study_area.grid.len()];
    let last_week = input.context.last_week().0;
    let rows = input
        .cell_weeks
        .cell()
        .values()
        .iter()
        .zip(input.cell_weeks.week().values());
    for ((&cell, &week), &day) in rows.zip(input.cell_weeks.last_day().values()) {
        let cell = CellIndex::try_from(cell).ok();
        let Some(i) = cell.and_then(|cell| input.study_area.grid.position(cell)) else {
            continue;
        };
        if week <= last_week {
            latest[i] = latest[i].max(Some(Day(day)));
        }
    }
    latest
}

/// The cell of the highest mean.
fn riskiest(members: &[usize], posteriors: &[GammaPosterior]) -> usize {
    let by_mean = |&a: &usize, &b: &usize| {
        let mean = |cell: usize| posteriors[cell].mean();
        mean(a).total_cmp(&mean(b)).then(b.cmp(&a))
    };
    members
        .iter()
        .copied()
        .max_by(by_mean)
        .unwrap_or(members[0])
}

fn assemble(
    input: &Input<'_>,
    posteriors: &[GammaPosterior],
    last_reports: &[Option<Day>],
    (ranked, axis): (&ranks::Ranked, Option<axes::Told>),
) -> Result<Zone> {
    let grid = &input.study_area.grid;
    let members: Vec<usize> = ranked.members.iter().map(|&i| i as usize).collect();
    let cells: Vec<CellIndex> = members.iter().map(|&i| grid.cells()[i]).collect();
    let label = riskiest(&members, posteriors);
    let class = |classes: &StringArray| {
        let known = classes.is_valid(label);
        known.then(|| classes.value(label).to_owned())
    };
    let (class_classic, class_seasonal) = (
        class(input.detections.classes.classic()),
        class(input.detections.classes.seasonal()),
    );
    let label = grid.cells()[label];
    let sum = |column: &[f64]| members.iter().map(|&i| column[i]).sum::<f64>();
    let last_report = members.iter().filter_map(|&i| last_reports[i]).max();
    let (reporting_state, reporting) = reporting::of_zone(input, posteriors, &members);
    let figures = reasons::Figures::of(input, &members, &ranked.signals, last_report);
    Ok(Zone {
        p_event_28d: None,
        zone_id: zone_id(&cells),
        kind: axis.as_ref().map_or(ZoneKind::Area, |_| ZoneKind::Axis),
        name: axis
            .as_ref()
            .map_or_else(|| name::nearest(input, label), |axis| axis.name.clone()),
        area_km2: sum(grid.area_km2()),
        standing: ranked.standing,
        stability: ranked.stability,
        risk: ranked.risk,
        rank_robustness: ranked.robustness,
        reporting,
        reporting_state,
        observed: sum(input.expected.observed().values()),
        expected: sum(input.expected.expected().values()),
        season_phase: seasons::phase(input, &cells),
        class_classic,
        class_seasonal,
        reasons: figures.reasons(),
        counter_evidence: [
            unstable(input, ranked),
            figures.counter_evidence(),
            axis.and_then(|axis| axis.against).into_iter().collect(),
        ]
        .concat(),
        protective: Vec::new(),
        options_patrol: Vec::new(),
        options_other: Vec::new(),
        early_warning: None,
        mgrs: name::mgrs(label)?,
        label,
        last_report,
        data_age_days: last_report.map(|day| input.context.as_of.0 - day.0),
        cells,
    })
}

/// Why a zone is not ranked.
fn unstable(input: &Input<'_>, ranked: &ranks::Ranked) -> Vec<Reason> {
    let share = ranked.stability.filter(|_| ranked.standing.is_none());
    let text = share.map(|share| {
        format!(
            "not ranked: in {:.0} % of {} placements of the reports within what is known of their place \
             and time it keeps half of its cells",
            100.0 * share,
            input.context.settings.placing.draws
        )
    });
    let code = "UNSTABLE_PLACE";
    text.map(|text| Reason { code, text }).into_iter().collect()
}

/// Twelve characters are enough to tell zones of one mission apart.
fn zone_id(cells: &[CellIndex]) -> String {
    let ids: Vec<[u8; 8]> = cells
        .iter()
        .map(|&cell| u64::from(cell).to_be_bytes())
        .collect();
    let mut id = digest::of_parts(ids.iter().map(<[u8; 8]>::as_slice));
    id.truncate(12);
    id
}
