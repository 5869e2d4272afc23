//! Exposures and expectations of every cell, by the season of its area and classes, and by its own.

use forewarn_models::season::{
    Basis, CellSeasons, OwnSeasons, PastPhase, PastYears, YearEffect, cell_seasons, year_variance,
};

use crate::base::Context;
use crate::base::error::{Error, Result};
use crate::tables::{CellFacts, Effort, Phases, StudyArea};

use super::clocks::Clock;
use super::history::{Counts, History, StepPart};
use super::shape::{Busy, Shape};
use super::strata::Strata;
use super::{classes, effort};

/// Past years from which on seasons can be tried: two to learn from, one to forecast.
const YEARS_TO_TRY: u16 = 3;

/// Exposures and expectations of all cells.
pub(super) struct Seasons<'a> {
    strata: Strata,
    shape: Shape,
    pub(super) area_km2: &'a [f64],
    /// Of a window as a whole, and of single steps: what differs from one to the next is as large as the
    /// past shows at that length.
    pub(super) located: CellSeasons,
    pub(super) of_steps: CellSeasons,
    pub(super) all: CellSeasons,
    /// Variance of the factor of a window; none where the past is too empty to tell.
    pub(super) year_variance: Option<f64>,
}

impl<'a> Seasons<'a> {
    pub(super) fn fit(
        context: &Context,
        study_area: &'a StudyArea,
        history: &History,
        (facts, effort, phases): (&CellFacts, &Effort, &Phases),
        notes: &mut Vec<String>,
    ) -> Result<Self> {
        let strata = Strata::new(study_area);
        let area_km2 = study_area.grid.area_km2();
        let years = context.settings.window.history_years;
        let weeks = &history.weeks;
        let (shape, own) = if years < YEARS_TO_TRY {
            notes.push(format!(
                "season: {years} past years are too few to try one on, which takes {YEARS_TO_TRY}; the \
                 same phase of past years stands in"
            ));
            let stepped = Shape::stepped(weeks, &history.located.past);
            (stepped, OwnSeasons::Always)
        } else {
            let classes = classes::classes(context, study_area, &strata, facts);
            let hours = effort::hours(context, study_area, &strata, weeks, effort)?;
            if hours.is_none() {
                notes.push(
                    "season: effort is not logged everywhere over the whole history, so that none is \
                     divided by"
                        .to_owned(),
                );
            }
            let clocks = Clock::all(weeks, phases)?;
            let known = (&classes[..], hours.as_deref());
            let harmonic = Shape::harmonic((weeks, &clocks), &strata, area_km2, known, notes)?;
            (harmonic, OwnSeasons::IfTheyForecast)
        };
        let past: Vec<Vec<f64>> = (0..weeks.n_slots())
            .map(|slot| shape.busy(&strata, area_km2, weeks.of_slot(slot)).exposure)
            .collect();
        let located = cells(history, &history.located, &past, own)?;
        notes.extend(located.gain.map(told));
        let keep = match located.departure() {
            Some(_) => OwnSeasons::Always,
            None => OwnSeasons::Never,
        };
        let all = cells(history, &history.all, &past, keep)?;
        if all.level().basis == Basis::NoIncident {
            notes.push("no incident in past years: a floor stands in".to_owned());
        }
        let mut seasons = Self {
            strata,
            shape,
            area_km2,
            of_steps: located.clone(),
            located,
            all,
            year_variance: None,
        };
        seasons.widen(context, history, notes)?;
        Ok(seasons)
    }

    /// How busy every cell is over some weeks.
    pub(super) fn busy(&self, weeks: &[usize]) -> Busy {
        self.shape.busy(&self.strata, self.area_km2, weeks)
    }

    /// Learns from the past how far counts differ from their season beyond chance, over windows and over
    /// steps. All of the past is asked, outbreaks too: where they come again they are no surprise.
    fn widen(
        &mut self,
        context: &Context,
        history: &History,
        notes: &mut Vec<String>,
    ) -> Result<()> {
        let settings = &context.settings;
        let steps: Vec<&Vec<StepPart>> = history
            .steps
            .iter()
            .filter(|step| step.iter().all(|part| part.in_past))
            .collect();
        let in_window = usize::from(settings.window.detect_weeks / settings.trend.step_weeks);
        self.year_variance = self.variance(&steps, in_window.max(1))?;
        let of_step = self.variance(&steps, 1)?;
        let n_years = f64::from(settings.window.history_years);
        let with = |seasons: &CellSeasons, variance: Option<f64>| match variance {
            Some(variance) => seasons.clone().with_years(YearEffect { variance, n_years }),
            None => seasons.clone(),
        };
        self.of_steps = with(&self.of_steps, of_step);
        self.located = with(&self.located, self.year_variance);
        if self.year_variance.is_none() {
            let empty = "the past is too empty to tell how years differ: taken as alike";
            notes.push(empty.to_owned());
        }
        Ok(())
    }

    /// Variance of the factor by which a cell's count over so many steps differs from its season: given the
    /// cell's sum over all of them, so that its level does not matter.
    fn variance(&self, steps: &[&Vec<StepPart>], length: usize) -> Result<Option<f64>> {
        let n_cells = self.area_km2.len();
        // The last whole lengths before the window.
        let blocks: Vec<&[&Vec<StepPart>]> = steps[steps.len() % length..].chunks(length).collect();
        let n = blocks.len();
        let (mut counts, mut exposure) = (vec![0.0; n_cells * n], vec![0.0; n_cells * n]);
        for (block, steps) in blocks.iter().enumerate() {
            for part in steps.iter().copied().flatten() {
                for (cell, &target) in self.busy(&part.weeks).exposure.iter().enumerate() {
                    let law = self.located.without(part.phase, cell, (0.0, 0.0), target);
                    let at = cell * n + block;
                    exposure[at] += law.map_err(Error::statistic("season"))?.0;
                    counts[at] += part.located[cell];
                }
            }
        }
        let rows = counts.chunks(n.max(1)).zip(exposure.chunks(n.max(1)));
        let cells: Vec<PastYears<'_>> = rows
            .map(|(counts, exposure)| PastYears { counts, exposure })
            .collect();
        year_variance(&cells).map_err(Error::statistic("season"))
    }
}

fn cells(
    history: &History,
    counts: &Counts,
    exposure: &[Vec<f64>],
    own: OwnSeasons,
) -> Result<CellSeasons> {
    let n_phases = history.weeks.n_phases();
    let past: Vec<PastPhase<'_>> = counts
        .past
        .iter()
        .zip(exposure)
        .enumerate()
        .map(|(slot, (counts, exposure))| PastPhase {
            year: slot / n_phases,
            phase: slot % n_phases,
            counts,
            exposure,
        })
        .collect();
    cell_seasons(&past, n_phases, own).map_err(Error::statistic("season"))
}

/// What seasons of cells of their own were worth on past years.
fn told(gain: f64) -> String {
    if gain > 0.0 {
        format!(
            "cells have seasons of their own, which forecast past years better than that of their \
             area by {gain:.1} nats"
        )
    } else {
        format!(
            "cells follow the season of their area: seasons of their own forecast past years worse \
             by {:.1} nats",
            -gain
        )
    }
}
