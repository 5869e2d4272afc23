use thiserror::Error;

use super::expected::{Expectation, ExpectedError, YearEffect, expected};
use super::overdispersion::ln_probability;
use crate::risk::{FitError, GammaPrior};
use crate::units::{LengthMismatch, same_length};

/// Past years before the first that is forecast.
const YEARS_BEFORE: usize = 2;

/// Counts of every cell in one phase of one past year.
#[derive(Debug, Clone, Copy)]
pub struct PastPhase<'a> {
    /// Which year; any numbers, later years higher.
    pub year: usize,
    /// Position of the phase.
    pub phase: usize,
    /// Incidents of each cell; may be fractions.
    pub counts: &'a [f64],
    /// Exposure of each cell: km2 x weeks, each week as busy as the season of its area is then.
    pub exposure: &'a [f64],
}

/// Whether cells keep seasons of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OwnSeasons {
    /// They follow that of their area.
    Never,
    /// They depart from it.
    Always,
    /// They depart where the forecasts of past years gain by it.
    IfTheyForecast,
}

/// Expectations of cells that follow the season of their area, and may depart from it.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSeasons {
    level: Expectation,
    /// Departures of a cell's phase from its area's season.
    own: Option<Own>,
    /// Nats by which departures that last forecast past years better than departures that come anew
    /// every year; `None` where none was made.
    pub gain: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
struct Own {
    prior: GammaPrior,
    /// By phase and cell, all years together.
    counts: Vec<Vec<f64>>,
    exposure: Vec<Vec<f64>>,
}

/// Why cells have no expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CellSeasonsError {
    /// Phases that do not tell of the same cells.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A phase beyond the last.
    #[error("a past phase must be one of the season's")]
    Phase,
    /// No level.
    #[error(transparent)]
    Expected(#[from] ExpectedError),
    /// No departures.
    #[error(transparent)]
    Fit(#[from] FitError),
}

/// Levels of cells over all of the past, and departures of their phases from their area's season.
///
/// With counts `y_ip` of cell `i` in phase `p` over all past years, exposures `h_ip` in which every
/// week is as busy as the area's season makes it, and target exposures `t_ip`:
///
/// ```text
/// theta_i ~ Gamma(a, b)     level of the cell, by `expected` on sum_p y_ip and sum_p h_ip
/// m_ip = r h_ip E[theta_i | y_i]
/// psi_ip ~ Gamma(c, d)      departure of the cell's phase, likeliest for y_ip ~ Poisson(psi_ip m_ip)
/// mean = r t_ip E[theta_i] E[psi_ip]
/// variance = mean + mean^2 ((1 + v_theta)(1 + v_psi) - 1),   v: relative variance of each
/// ```
///
/// A market that fills every dry season has a season that its area has not; departures carry it,
/// and are pulled back by how much cells depart at all. They stand where they are asked for, or
/// where the forecasts of past years, each from those before it, gain by their lasting, against
/// departures of the same size that come anew every year ([`OwnSeasons::IfTheyForecast`]): a burst
/// in one past year is no season. The two layers are fitted one after the other.
///
/// # Errors
/// Phases that do not tell of the same cells; a phase beyond `n_phases`; what [`expected`] refuses.
///
/// # References
/// Clayton & Kaldor 1987, [doi:10.2307/2532003](https://doi.org/10.2307/2532003).
pub fn cell_seasons(
    past: &[PastPhase<'_>],
    n_phases: usize,
    own: OwnSeasons,
) -> Result<CellSeasons, CellSeasonsError> {
    let n_cells = past.first().map_or(0, |phase| phase.counts.len());
    for phase in past {
        same_length(n_cells, phase.counts.len())?;
        same_length(n_cells, phase.exposure.len())?;
        if phase.phase >= n_phases {
            return Err(CellSeasonsError::Phase);
        }
    }
    let gain = match own {
        OwnSeasons::IfTheyForecast => gain(past, n_phases, n_cells)?,
        OwnSeasons::Never | OwnSeasons::Always => None,
    };
    let with = own == OwnSeasons::Always || gain.is_some_and(|gain| gain > 0.0);
    let mut seasons = CellSeasons::fit(past, n_phases, n_cells, with)?;
    seasons.gain = gain;
    Ok(seasons)
}

impl CellSeasons {
    fn fit<'a>(
        past: impl IntoIterator<Item = &'a PastPhase<'a>>,
        n_phases: usize,
        n_cells: usize,
        own: bool,
    ) -> Result<Self, CellSeasonsError> {
        let mut counts = vec![vec![0.0; n_cells]; n_phases];
        let mut exposure = counts.clone();
        for phase in past {
            add(&mut counts[phase.phase], phase.counts);
            add(&mut exposure[phase.phase], phase.exposure);
        }
        let (mut all, mut whole) = (vec![0.0; n_cells], vec![0.0; n_cells]);
        for (counts, exposure) in counts.iter().zip(&exposure) {
            add(&mut all, counts);
            add(&mut whole, exposure);
        }
        let level = expected(&all, &whole, &vec![0.0; n_cells])?;
        let mut seasons = Self {
            level,
            own: None,
            gain: None,
        };
        if own && all.iter().sum::<f64>() > 0.0 {
            seasons.own = Some(seasons.departures(counts, exposure)?);
        }
        Ok(seasons)
    }

    fn departures(
        &self,
        counts: Vec<Vec<f64>>,
        exposure: Vec<Vec<f64>>,
    ) -> Result<Own, CellSeasonsError> {
        let mean = |i: usize, h: f64| self.level.base_rate * h * self.level.posteriors[i].mean();
        let means: Vec<f64> = exposure
            .iter()
            .flat_map(|of_phase| of_phase.iter().enumerate().map(|(i, &h)| mean(i, h)))
            .collect();
        let prior = GammaPrior::fit(&counts.concat(), &means)?.prior;
        Ok(Own {
            prior,
            counts,
            exposure,
        })
    }

    /// The layer of levels: base rate, prior and posteriors.
    #[must_use]
    pub const fn level(&self) -> &Expectation {
        &self.level
    }

    /// The same where years differ, see [`Expectation::with_years`].
    #[must_use]
    pub fn with_years(mut self, years: YearEffect) -> Self {
        self.level = self.level.with_years(years);
        self
    }

    /// How far cells depart from their area's season: the prior, where they do.
    #[must_use]
    pub fn departure(&self) -> Option<GammaPrior> {
        self.own.as_ref().map(|own| own.prior)
    }

    /// Mean and variance of a cell's count over `target` (km2 x weeks, as busy as its area's season
    /// makes them) in a phase, by what its past shows without `count` incidents over `exposure` of
    /// it in that phase. With both 0 it is the expectation of all of the past.
    ///
    /// # Errors
    /// [`ExpectedError::NotThePast`] where more is left out than the cell's past holds.
    pub fn without(
        &self,
        phase: usize,
        cell: usize,
        (count, exposure): (f64, f64),
        target: f64,
    ) -> Result<(f64, f64), ExpectedError> {
        let (level, spread) = self.level.without(cell, count, exposure, target)?;
        let Some(own) = &self.own else {
            return Ok((level, spread));
        };
        if level <= 0.0 {
            return Ok((0.0, 0.0));
        }
        let rest = (own.exposure[phase][cell] - exposure).max(0.0);
        let expected = level / target * rest;
        let seen = (own.counts[phase][cell] - count).max(0.0);
        let (shape, rate) = (own.prior.shape() + seen, own.prior.rate() + expected);
        Ok(departed((level, spread), shape, rate))
    }
}

/// Nats by which departures that last improve the forecasts of past years, each from those before
/// it, over departures of the same size that come anew every year: else the wider law alone would
/// gain wherever incidents come in bursts.
fn gain(
    past: &[PastPhase<'_>],
    n_phases: usize,
    n_cells: usize,
) -> Result<Option<f64>, CellSeasonsError> {
    let mut years: Vec<usize> = past.iter().map(|phase| phase.year).collect();
    years.sort_unstable();
    years.dedup();
    let mut sum = None;
    for &year in years.iter().skip(YEARS_BEFORE) {
        let before = past.iter().filter(|phase| phase.year < year);
        let lasting = CellSeasons::fit(before, n_phases, n_cells, true)?;
        let Some(prior) = lasting.departure() else {
            continue;
        };
        let mut gain = 0.0;
        for now in past.iter().filter(|phase| phase.year == year) {
            for cell in 0..n_cells {
                let (count, target) = (now.counts[cell], now.exposure[cell]);
                if target > 0.0 {
                    let level = lasting.level.without(cell, 0.0, 0.0, target)?;
                    let anew = departed(level, prior.shape(), prior.rate());
                    let lasts = lasting.without(now.phase, cell, (0.0, 0.0), target)?;
                    gain += ln_law(count, lasts) - ln_law(count, anew);
                }
            }
        }
        sum = Some(sum.unwrap_or(0.0) + gain);
    }
    Ok(sum)
}

/// Moments of a count whose mean departs by a factor with this gamma law.
fn departed((level, spread): (f64, f64), shape: f64, rate: f64) -> (f64, f64) {
    let doubt = (spread - level) / level.powi(2);
    let mean = level * shape / rate;
    let relative = (1.0 + doubt) * (1.0 + shape.recip()) - 1.0;
    (mean, mean + mean * mean * relative)
}

/// Logarithm of the probability of a count under the law with this mean and variance.
fn ln_law(count: f64, (mean, variance): (f64, f64)) -> f64 {
    let excess = variance - mean;
    let size = (excess > 1e-9 * mean).then(|| mean * mean / excess);
    ln_probability(count, mean, size)
}

fn add(sums: &mut [f64], more: &[f64]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}
