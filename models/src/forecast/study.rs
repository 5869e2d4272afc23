use rayon::prelude::*;

use super::features::{At, features, names};
use super::fitted::{Base, Fitted, Past};
use super::space::single;
use super::{Column, ForecastError, History, Origins, Space};
use crate::units::{Seed, real, same_length};

/// Days between one refit and the next where past forecasts are made anew.
const BLOCK_DAYS: i32 = 364;
/// The same, as a step.
const BLOCK_STEP: usize = 364;

/// What a fit is told. Chosen on years before those that anything is tested on; see the card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Penalty on the squared weights of standardised features; one over scikit-learn's `C`.
    pub alpha: f64,
    /// Rows a model is fitted on at most. Beyond, rows without an event are drawn and the intercept
    /// is corrected for it (King & Zeng 2001, doi:10.1093/oxfordjournals.pan.a004868).
    pub rows_max: usize,
    /// Replicates of the interval of the ladder.
    pub replicates: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            alpha: 50.0,
            rows_max: 60_000,
            replicates: 500,
        }
    }
}

/// Everything that forecasts of one horizon are made of: features of each origin, and what came.
#[derive(Debug)]
pub struct Study {
    pub(super) n_cells: usize,
    pub(super) until_day: i32,
    pub(super) horizon_days: i32,
    /// Days of the origins.
    pub(super) origins: Vec<i32>,
    pub(super) at: Vec<At>,
    /// Counts by cell of the origins whose weeks have passed.
    pub(super) counts: Vec<Vec<f64>>,
    /// Name and group of each feature.
    pub(super) features: Vec<(String, String)>,
}

impl Study {
    /// Features of every origin up to the day that is known, and counts of those whose weeks have passed.
    ///
    /// Shapes: each column has a value per origin and cell.
    ///
    /// # Errors
    /// Incidents out of order, of cells that are not there, or of after the day that is known; origins
    /// before the history; a column of another shape or with a value not finite.
    pub fn new(
        space: &Space,
        history: History<'_>,
        origins: Origins,
        columns: &[Column],
    ) -> Result<Self, ForecastError> {
        history.check(space.n_cells())?;
        let days = origins.up_to(&history)?;
        for (index, column) in columns.iter().enumerate() {
            check(column, index, days.len(), space.n_cells())?;
        }
        let horizon = origins.horizon_days;
        let at = days.par_iter().enumerate().map(|(k, &day)| {
            let mut at = features(space, &history, day, horizon);
            at.append(columns, k);
            at
        });
        let at = at.collect();
        let passed = days
            .iter()
            .filter(|&&day| day + horizon <= history.until_day);
        let counts = passed
            .map(|&day| {
                let mut counts = vec![0.0; space.n_cells()];
                for event in history.before(day)..history.before(day + horizon) {
                    counts[history.cell[event] as usize] += 1.0;
                }
                counts
            })
            .collect();
        let own = names()
            .into_iter()
            .map(|(name, group)| (name, group.to_owned()));
        let others = columns.iter().map(|c| (c.name.clone(), c.group.clone()));
        Ok(Self {
            n_cells: space.n_cells(),
            until_day: history.until_day,
            horizon_days: horizon,
            origins: days,
            at,
            counts,
            features: own.chain(others).collect(),
        })
    }

    /// Days of the origins.
    #[must_use]
    pub fn origins(&self) -> &[i32] {
        &self.origins
    }

    /// Incidents by cell in the weeks after an origin; `None` where these have not passed.
    #[must_use]
    pub fn counts(&self, origin: usize) -> Option<&[f64]> {
        self.counts.get(origin).map(Vec::as_slice)
    }

    /// Name and group of each feature.
    #[must_use]
    pub fn features(&self) -> &[(String, String)] {
        &self.features
    }

    /// Fits as of some days: each model, each weight and each line of calibration from origins whose
    /// weeks had passed by that day. Years before are forecast anew, from models of their own time,
    /// and these past forecasts say how members are pooled and what the pool is worth.
    ///
    /// # Errors
    /// Settings out of range; a cut after the day that is known.
    pub fn fit(
        &self,
        cuts: &[i32],
        settings: &Settings,
        seed: Seed,
    ) -> Result<Vec<Fitted>, ForecastError> {
        let valid = settings.alpha.is_finite() && settings.alpha > 0.0;
        if !valid || settings.rows_max == 0 || settings.replicates == 0 {
            return Err(ForecastError::Settings);
        }
        if cuts.iter().any(|&cut| cut > self.until_day) {
            return Err(ForecastError::Origins);
        }
        let last = cuts.iter().copied().max().unwrap_or(self.origins[0]);
        let first = self.origins[0] + BLOCK_DAYS;
        let blocks: Vec<i32> = (first..last).step_by(BLOCK_STEP).collect();
        let days: Vec<i32> = blocks.iter().chain(cuts).copied().collect();
        let bases: Vec<Base> = days
            .par_iter()
            .map(|&day| Base::fit(self, day, settings, seed))
            .collect();
        let (past, now) = bases.split_at(blocks.len());
        let past = Past::of(self, past);
        let fits = now
            .par_iter()
            .map(|base| Fitted::of(self, base, &past, settings, seed));
        Ok(fits.collect())
    }

    /// Origins whose weeks had passed by a day.
    pub(super) fn passed(&self, day: i32) -> usize {
        let passed = |&origin: &i32| origin + self.horizon_days <= day;
        self.origins.partition_point(passed).min(self.counts.len())
    }

    /// Features of a cell at an origin.
    pub(super) fn row(&self, origin: usize, cell: usize) -> &[f32] {
        let width = self.features.len();
        &self.at[origin].rows[cell * width..(cell + 1) * width]
    }
}

impl At {
    /// Adds the values of columns behind the features of each cell; a missing one is marked.
    fn append(&mut self, columns: &[Column], origin: usize) {
        if columns.is_empty() {
            return;
        }
        let n_cells = self.baselines[0].len();
        let own = self.rows.len() / n_cells.max(1);
        let mut rows = Vec::with_capacity(n_cells * (own + columns.len()));
        for (cell, row) in self.rows.chunks_exact(own).enumerate() {
            rows.extend_from_slice(row);
            let values = columns.iter().map(|column| column.values[origin][cell]);
            rows.extend(values.map(|value| value.map_or(f32::NAN, single)));
        }
        self.rows = rows;
    }
}

fn check(
    column: &Column,
    index: usize,
    n_origins: usize,
    n_cells: usize,
) -> Result<(), ForecastError> {
    same_length(n_origins, column.values.len())?;
    for values in &column.values {
        same_length(n_cells, values.len())?;
        if values.iter().flatten().any(|value| !value.is_finite()) {
            return Err(ForecastError::Column { index });
        }
    }
    Ok(())
}

/// Mean and spread of the values there are of each column; without spread, a column says nothing.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    mean: Vec<f64>,
    sd: Vec<f64>,
}

impl Scale {
    pub(super) fn of<'a>(rows: impl Iterator<Item = &'a [f32]> + Clone, width: usize) -> Self {
        let (mut n, mut mean) = (vec![0.0; width], vec![0.0; width]);
        for row in rows.clone() {
            for (k, x) in row.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
                n[k] += 1.0;
                mean[k] += f64::from(*x);
            }
        }
        for (mean, n) in mean.iter_mut().zip(&n) {
            *mean /= f64::max(*n, 1.0);
        }
        let mut sd = vec![0.0; width];
        for row in rows {
            for (k, x) in row.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
                sd[k] += (f64::from(*x) - mean[k]).powi(2);
            }
        }
        for (sd, n) in sd.iter_mut().zip(&n) {
            *sd = (*sd / f64::max(*n, 1.0)).sqrt();
        }
        Self { mean, sd }
    }

    /// A row on the scale of standard deviations; what is missing, and what does not vary, is 0.
    pub(super) fn put(&self, row: &[f32], to: &mut Vec<f64>) {
        for (k, x) in row.iter().enumerate() {
            let known = !x.is_nan() && self.sd[k] > 1e-6;
            to.push(if known {
                (f64::from(*x) - self.mean[k]) / self.sd[k]
            } else {
                0.0
            });
        }
    }
}

/// Of `n` rows without an event, the share that is kept so that rows are at most `rows_max`.
pub(super) fn kept(n: usize, events: usize, rows_max: usize) -> f64 {
    let room = rows_max.saturating_sub(events).max(events);
    if n <= room { 1.0 } else { real(room) / real(n) }
}
