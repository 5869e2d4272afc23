//! What single stages are given, and what they bring.

use std::collections::BTreeMap;

use h3o::CellIndex;

use super::read::Read;
use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{
    CorridorExposure, Detections, Doubt, Expected, Forecasts, OutreachPlan, PatrolPlans, Reporting,
    SeasonPhase, StudyArea, Surroundings, Zones,
};
use crate::{detect, forecast, index, indicators, outreach, plan, reporting, season};

/// What is known of reporting, and the expectation with the posterior given it.
pub(super) fn reported(
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
pub(super) fn forecast(
    context: &Context,
    index: &index::Index,
    zones: &mut Zones,
) -> Result<Forecasts> {
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

/// What stands out from other places, other weeks, and the season.
pub(super) fn detected(
    context: &Context,
    read: &Read,
    index: &index::Index,
    season: &season::Season,
) -> Result<Detections> {
    detect::run(&detect::Input {
        context,
        study_area: &index.study_area,
        expected: &season.expected,
        steps: &season.steps,
        neighbours: &index.neighbours,
        placed: &index.placed,
        phases: &season.weeks,
        boundaries: &read.boundaries,
        effort: &read.surroundings.effort,
    })
}

/// What indicators say of the zones, which are told it, and of every cell.
pub(super) fn warned(
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
pub(super) fn planned(
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
pub(super) fn patrolled(
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
pub(super) fn roads_open(
    read: &Read,
    study_area: &StudyArea,
    day: Day,
) -> BTreeMap<CellIndex, bool> {
    let resolution = study_area.grid.cells()[0].resolution();
    index::roads_open(&read.surroundings.lines, day, resolution)
}

/// What moves with the seasons, and along what.
pub(super) struct Moving {
    pub(super) seasons: season::Movable,
    /// The seasons of the as-of date.
    pub(super) now: Vec<SeasonPhase>,
    pub(super) corridors: CorridorExposure,
}

impl Moving {
    pub(super) fn of(
        context: &Context,
        study_area: &StudyArea,
        around: &Surroundings,
    ) -> Result<Self> {
        let seasons = season::movable(context, study_area, around)?;
        let scale_km = context.settings.season.corridor_scale_km;
        Ok(Self {
            now: seasons.phases.on(context.as_of).cloned().collect(),
            corridors: index::corridor_exposure(study_area, &around.lines, scale_km),
            seasons,
        })
    }
}
