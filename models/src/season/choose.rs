use thiserror::Error;

use super::expected::{Expectation, ExpectedError, expected};
use super::log_linear_season::{SeasonFit, SeasonFitError, SeasonGroup, log_linear_season};
use super::overdispersion::ln_probability;
use crate::units::{LengthMismatch, same_length};

/// Past years before the first that is forecast.
const YEARS_BEFORE: usize = 2;

/// How many waves describe and forecast best.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonChoice {
    /// The fit chosen; flat where none beats a flat year.
    pub fit: SeasonFit,
    /// What each number of waves came to, from 0 on.
    pub tried: Vec<Tried>,
}

/// What a number of waves came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Akaike's criterion over all of the past; `None` where no fit exists.
    pub aic: Option<f64>,
    /// By how many nats the forecasts of each past year beat those of a flat year; `None` where no
    /// fit exists for one of them. Empty where there are fewer than three years.
    pub gains: Option<Vec<f64>>,
}

impl Tried {
    /// Nats gained over a flat year in all past years together; `None` where nothing was forecast.
    #[must_use]
    pub fn gain(&self) -> Option<f64> {
        let gains = self.gains.as_ref().filter(|gains| !gains.is_empty())?;
        Some(gains.iter().sum())
    }

    /// Whether the forecasts beat those of a flat year, over all past years and in most of them.
    fn forecasts(&self) -> bool {
        let gains = self.gains.iter().flatten();
        let better = gains.clone().filter(|gain| **gain > 0.0).count();
        self.gain() > Some(0.0) && 2 * better > gains.count()
    }
}

/// Why no number of waves can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ChoiceError {
    /// Not one year per period.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// Years that run backwards.
    #[error("the years of the periods must not fall")]
    Order,
    /// Not even a flat year can be fitted.
    #[error(transparent)]
    Fit(#[from] SeasonFitError),
    /// No level can be forecast.
    #[error(transparent)]
    Level(#[from] ExpectedError),
}

/// Number of waves, 0 to `most_harmonics`, with which a season describes the past best, among those
/// that forecast it no worse than a flat year does.
///
/// A season must earn its place. Bursts of a few months have a good AIC as a season of the years
/// they fell in, and forecast nothing. So each year from the third on is forecast from those before
/// it, with a season and without: levels by [`expected`] in both, the season and the law of counts
/// by [`log_linear_season`] on those years alone; the score is the logarithm of the probability of
/// what came, period by period and group by group. Of the numbers of waves whose forecasts gain on
/// a flat year over all these years and in most of them, and of 0, the one with the lowest AIC is
/// taken. With fewer than three years nothing can be forecast, and a flat year is taken.
///
/// - `year_of`: year of each period, never falling; any numbers.
///
/// # Errors
/// Lengths differ; years that fall; no event, or a flat year that cannot be fitted.
///
/// # References
/// Good 1952 for the score, [doi:10.1111/j.2517-6161.1952.tb00104.x](https://doi.org/10.1111/j.2517-6161.1952.tb00104.x);
/// Dawid 1984 for forecasting the past in order, [doi:10.2307/2981683](https://doi.org/10.2307/2981683).
pub fn choose_season(
    groups: &[SeasonGroup<'_>],
    year_of: &[usize],
    most_harmonics: usize,
) -> Result<SeasonChoice, ChoiceError> {
    let flat_scores = forecast_years(groups, year_of, 0)?;
    let flat = log_linear_season(groups, 0)?;
    let mut tried = vec![Tried {
        aic: Some(flat.aic),
        gains: flat_scores.as_ref().map(|flat| gains(flat, flat)),
    }];
    let mut best = flat;
    for harmonics in 1..=most_harmonics {
        let fit = log_linear_season(groups, harmonics).ok();
        let scores = forecast_years(groups, year_of, harmonics)?;
        let this = Tried {
            aic: fit.as_ref().map(|fit| fit.aic),
            gains: scores
                .zip(flat_scores.as_ref())
                .map(|(with, flat)| gains(&with, flat)),
        };
        if let Some(fit) = fit.filter(|fit| this.forecasts() && fit.aic < best.aic) {
            best = fit;
        }
        tried.push(this);
    }
    Ok(SeasonChoice { fit: best, tried })
}

/// Nats gained in each year that was forecast, all groups together.
fn gains(with: &[Vec<f64>], flat: &[Vec<f64>]) -> Vec<f64> {
    let years = with.iter().zip(flat).filter(|(with, _)| !with.is_empty());
    let sum = |scores: &[f64]| scores.iter().sum::<f64>();
    years.map(|(with, flat)| sum(with) - sum(flat)).collect()
}

/// First period of each year, and the end of the last.
fn years(year_of: &[usize]) -> Vec<usize> {
    let begins = (0..year_of.len()).filter(|&t| t == 0 || year_of[t] != year_of[t - 1]);
    begins.chain([year_of.len()]).collect()
}

/// Logarithm of the probability of what each year from the third on brought, as forecast from the
/// years before it with so many waves: by year, then by group, in nats. A year before which no group
/// had an event has none. `None` where a season cannot be fitted to the years before one of them.
///
/// See [`choose_season`].
///
/// # Errors
/// As [`choose_season`].
pub fn forecast_years(
    groups: &[SeasonGroup<'_>],
    year_of: &[usize],
    harmonics: usize,
) -> Result<Option<Vec<Vec<f64>>>, ChoiceError> {
    for group in groups {
        same_length(group.counts.len(), year_of.len())?;
    }
    if !year_of.is_sorted() {
        return Err(ChoiceError::Order);
    }
    let years = years(year_of);
    let mut scores = Vec::new();
    for year in YEARS_BEFORE..years.len().max(YEARS_BEFORE + 1) - 1 {
        let (now, next) = (years[year], years[year + 1]);
        let past: Vec<_> = groups
            .iter()
            .map(|group| SeasonGroup {
                counts: &group.counts[..now],
                exposure: &group.exposure[..now],
                phases: group.phases,
            })
            .collect();
        let fit = match log_linear_season(&past, harmonics) {
            Ok(fit) => fit,
            Err(SeasonFitError::NoEvent) => {
                scores.push(Vec::new());
                continue;
            }
            Err(_none) => return Ok(None),
        };
        let level = levels(&past, &fit)?;
        let score = (0..groups.len()).map(|g| forecast(&groups[g], g, &fit, &level, now..next));
        scores.push(score.collect());
    }
    Ok(Some(scores))
}

/// Levels of the groups, pulled towards that of all.
fn levels(past: &[SeasonGroup<'_>], fit: &SeasonFit) -> Result<Expectation, ExpectedError> {
    let events: Vec<f64> = past.iter().map(|g| g.counts.iter().sum()).collect();
    let exposure: Vec<f64> = past
        .iter()
        .enumerate()
        .map(|(g, group)| {
            let factors = fit.relative(g, group.phases).unwrap_or_default();
            let weeks = group.exposure.iter().zip(factors);
            weeks.map(|(exposure, factor)| exposure * factor).sum()
        })
        .collect();
    expected(&events, &exposure, &vec![0.0; past.len()])
}

/// Logarithm of the probability of a group's counts in `periods`.
fn forecast(
    group: &SeasonGroup<'_>,
    index: usize,
    fit: &SeasonFit,
    level: &Expectation,
    periods: std::ops::Range<usize>,
) -> f64 {
    let factors = fit.relative(index, group.phases).unwrap_or_default();
    let risk = level.posteriors[index];
    let doubt = risk.variance() / risk.mean().powi(2);
    let spread = fit.size.map_or(0.0, f64::recip);
    let one = |t: usize| {
        let exposure = group.exposure[t] * factors[t];
        if exposure <= 0.0 {
            return 0.0;
        }
        let mean = level.base_rate * exposure * risk.mean();
        // A gamma level and a gamma spread: the law of their product is matched by its variance.
        let relative = doubt + spread + doubt * spread;
        ln_probability(group.counts[t], mean, Some(relative.recip()))
    };
    periods.map(one).sum()
}
