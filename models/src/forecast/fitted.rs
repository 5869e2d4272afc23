use rand::Rng;

use super::features::FLOOR;
use super::ladder::Ladder;
use super::logistic::{Logistic, fit_logistic, logistic};
use super::pool::Pool;
use super::prediction::{COUNT_LEVELS, Contribution, Prediction};
use super::study::{Scale, Settings, Study, kept};
use super::{BASELINES, CountGivenEvent, ForecastError};
use crate::season::normal_equations::NormalEquations;
use crate::units::{Purpose, Seed, real};

/// Baselines that take part in the pool beside the logistic model, by their place in [`BASELINES`].
const POOLED: [usize; 2] = [1, 0];
/// Events without which the logistic model is not fitted.
const EVENTS_MIN: usize = 20;
/// Penalty of the models of one column: next to none.
const ALPHA_ONE: f64 = 1e-3;
/// Standard deviations to each side of a 90 % interval.
const Z_90: f64 = 1.644_853_626_951_472_2;

/// A member of the pool, its weight, and its coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// `logistic`, or a baseline.
    pub name: &'static str,
    /// Its share of the pool; 0 where it could not be fitted.
    pub weight: f64,
    /// Coefficients; of the logistic member per standard deviation of each feature.
    pub model: Option<Logistic>,
}

/// Models of one day.
#[derive(Debug, Clone)]
pub(super) struct Base {
    day: i32,
    scale: Scale,
    full: Option<Logistic>,
    /// Of the log of one rate each.
    rates: Vec<Option<Logistic>>,
}

impl Base {
    pub(super) fn fit(study: &Study, day: i32, settings: &Settings, seed: Seed) -> Self {
        let origins = study.passed(day);
        let rows = sample(study, origins, settings, seed);
        let width = study.features.len();
        let features = rows
            .at
            .iter()
            .map(|&(origin, cell)| study.row(origin, cell));
        let scale = Scale::of(features.clone(), width);
        let event: Vec<bool> = rows
            .at
            .iter()
            .map(|&(origin, cell)| study.counts[origin][cell] > 0.0)
            .collect();
        let corrected = |model: Logistic| Logistic {
            intercept: model.intercept + rows.kept.ln(),
            ..model
        };
        let mut full = None;
        if rows.events >= EVENTS_MIN {
            let mut x = Vec::with_capacity(rows.at.len() * width);
            features.for_each(|row| scale.put(row, &mut x));
            full = fit_logistic(x, &event, settings.alpha).ok().map(corrected);
        }
        let rate = |&baseline: &usize| {
            let at = rows.at.iter();
            let x = at.map(|&(origin, cell)| study.log_rate(origin, baseline, cell));
            fit_logistic(x.collect(), &event, ALPHA_ONE)
                .ok()
                .map(corrected)
        };
        Self {
            day,
            scale,
            full,
            rates: POOLED.iter().map(rate).collect(),
        }
    }

    /// What each member says of each cell; a member that was not fitted says what the next one does.
    fn say(&self, study: &Study, origin: usize) -> Vec<Vec<f64>> {
        let cells = 0..study.n_cells;
        let mut members: Vec<Option<Vec<f64>>> = Vec::new();
        let mut row = Vec::new();
        members.push(self.full.as_ref().map(|model| {
            let said = cells.clone().map(|cell| {
                row.clear();
                self.scale.put(study.row(origin, cell), &mut row);
                logistic(model.log_odds(&row))
            });
            said.collect()
        }));
        for (&baseline, model) in POOLED.iter().zip(&self.rates) {
            members.push(model.as_ref().map(|model| {
                let rates = cells
                    .clone()
                    .map(|cell| study.log_rate(origin, baseline, cell));
                rates.map(|x| logistic(model.log_odds(&[x]))).collect()
            }));
        }
        // Without an event nothing is fitted: the base rate is that of half an event.
        let none = 0.5 / (real(study.n_cells) * real(study.passed(self.day)).max(1.0));
        let spare = members.iter().flatten().next_back().cloned();
        let spare = spare.unwrap_or_else(|| vec![none.min(0.5); study.n_cells]);
        members
            .into_iter()
            .map(|member| member.unwrap_or_else(|| spare.clone()))
            .collect()
    }
}

/// Rows a model is fitted on.
struct Rows {
    at: Vec<(usize, usize)>,
    events: usize,
    /// Share of the rows without an event.
    kept: f64,
}

/// All rows with an event, and as many of the others as there is room for.
fn sample(study: &Study, origins: usize, settings: &Settings, seed: Seed) -> Rows {
    let counts = &study.counts[..origins];
    let events = counts
        .iter()
        .flatten()
        .filter(|count| **count > 0.0)
        .count();
    let kept = kept(origins * study.n_cells - events, events, settings.rows_max);
    let mut at = Vec::new();
    for (origin, counts) in counts.iter().enumerate() {
        let mut rng = seed.stream(Purpose::ForecastRows, origin as u64);
        for (cell, &count) in counts.iter().enumerate() {
            if count > 0.0 || kept >= 1.0 || rng.random::<f64>() < kept {
                at.push((origin, cell));
            }
        }
    }
    Rows { at, events, kept }
}

/// Forecasts of past years, each from models of its own time.
pub(super) struct Past {
    /// Origins forecast, in order.
    pub(super) origins: Vec<usize>,
    /// First origin of the year each belongs to.
    pub(super) block: Vec<i32>,
    /// By origin, member, cell.
    said: Vec<Vec<Vec<f64>>>,
}

impl Past {
    pub(super) fn of(study: &Study, bases: &[Base]) -> Self {
        let mut past = Self {
            origins: Vec::new(),
            block: Vec::new(),
            said: Vec::new(),
        };
        for (k, base) in bases.iter().enumerate() {
            let end = bases.get(k + 1).map_or(study.until_day, |next| next.day);
            let range = study.origins.iter().enumerate().take(study.counts.len());
            for (origin, _) in range.filter(|(_, day)| (base.day..end).contains(*day)) {
                past.origins.push(origin);
                past.block.push(base.day);
                past.said.push(base.say(study, origin));
            }
        }
        past
    }

    /// The pool that forecasts whose weeks had passed by a day call for, and how many these are.
    pub(super) fn pool(&self, study: &Study, day: i32) -> (Pool, usize) {
        let passed = study.passed(day);
        let n = self.origins.partition_point(|&origin| origin < passed);
        let mut members = vec![Vec::with_capacity(n * study.n_cells); 1 + POOLED.len()];
        for said in &self.said[..n] {
            for (all, said) in members.iter_mut().zip(said) {
                all.extend_from_slice(said);
            }
        }
        let origins = self.origins[..n].iter();
        let event: Vec<bool> = origins
            .flat_map(|&origin| study.counts[origin].iter().map(|count| *count > 0.0))
            .collect();
        (Pool::fit(&members, &event), n)
    }

    /// What a pool says of one of the past origins.
    pub(super) fn pooled(&self, pool: &Pool, k: usize) -> Vec<f64> {
        pooled(pool, &self.said[k])
    }
}

fn pooled(pool: &Pool, said: &[Vec<f64>]) -> Vec<f64> {
    (0..said[0].len())
        .map(|cell| pool.say(said.iter().map(|member| member[cell])))
        .collect()
}

/// A model as of one day.
#[derive(Debug, Clone)]
pub struct Fitted {
    base: Base,
    pool: Pool,
    counts: CountGivenEvent,
    ladder: Option<Ladder>,
    /// Covariance of intercept and weights of the logistic member.
    covariance: Option<Vec<f64>>,
}

impl Fitted {
    pub(super) fn of(
        study: &Study,
        base: &Base,
        past: &Past,
        settings: &Settings,
        seed: Seed,
    ) -> Self {
        let (pool, n) = past.pool(study, base.day);
        let (mut p, mut counts) = (Vec::new(), Vec::new());
        for k in 0..n {
            p.extend(past.pooled(&pool, k));
            counts.extend_from_slice(&study.counts[past.origins[k]]);
        }
        Self {
            counts: CountGivenEvent::fit(&p, &counts),
            ladder: Ladder::of(study, past, n, settings.replicates, seed),
            covariance: covariance(study, base, settings, seed),
            base: base.clone(),
            pool,
        }
    }

    /// The day the model is of: it knows of no week that ended after it.
    #[must_use]
    pub fn day(&self) -> i32 {
        self.base.day
    }

    /// What past forecasts were worth beside baselines; `None` where none could be made with events.
    #[must_use]
    pub fn ladder(&self) -> Option<&Ladder> {
        self.ladder.as_ref()
    }

    /// Members of the pool, for the card.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        let names = std::iter::once("logistic").chain(POOLED.map(|baseline| BASELINES[baseline]));
        let models = std::iter::once(&self.base.full).chain(&self.base.rates);
        names
            .zip(models)
            .zip(&self.pool.weights)
            .map(|((name, model), &weight)| Member {
                name,
                weight: if model.is_some() { weight } else { 0.0 },
                model: model.clone(),
            })
            .collect()
    }

    /// Intercept and slope, on log-odds, that calibrate the pool.
    #[must_use]
    pub fn calibration(&self) -> (f64, f64) {
        self.pool.line
    }

    /// The law of the count given an event.
    #[must_use]
    pub fn count_law(&self) -> CountGivenEvent {
        self.counts
    }

    /// The forecast of an origin of the study, by its position.
    ///
    /// # Errors
    /// No such origin, or one before the day of the model.
    pub fn predict(&self, study: &Study, origin: usize) -> Result<Prediction, ForecastError> {
        let day = *study.origins.get(origin).ok_or(ForecastError::NoOrigin)?;
        if day < self.base.day {
            return Err(ForecastError::BeforeCut);
        }
        let said = self.base.say(study, origin);
        let p_event = pooled(&self.pool, &said);
        let (p_lo, p_hi) = self.interval(study, origin, said, &p_event);
        let names = BASELINES.iter().zip(&study.at[origin].baselines);
        let quantiles = |p: &f64| self.counts.quantiles(*p, COUNT_LEVELS);
        Ok(Prediction {
            origin_day: day,
            horizon_days: study.horizon_days,
            mean_count: p_event.iter().map(|&p| self.counts.mean(p)).collect(),
            count_quantiles: p_event.iter().map(quantiles).collect(),
            contributions: self.contributions(study, origin),
            baselines: names.map(|(name, rates)| (*name, rates.clone())).collect(),
            p_event,
            p_lo,
            p_hi,
        })
    }

    fn interval(
        &self,
        study: &Study,
        origin: usize,
        said: Vec<Vec<f64>>,
        p: &[f64],
    ) -> (Vec<f64>, Vec<f64>) {
        let (Some(model), Some(covariance)) = (&self.base.full, &self.covariance) else {
            return (p.to_vec(), p.to_vec());
        };
        let (mut lo, mut hi) = (said.clone(), said);
        for cell in 0..study.n_cells {
            let mut row = vec![1.0];
            self.base.scale.put(study.row(origin, cell), &mut row);
            let z = model.log_odds(&row[1..]);
            let half = Z_90 * quadratic(covariance, &row).max(0.0).sqrt();
            lo[0][cell] = logistic(z - half);
            hi[0][cell] = logistic(z + half);
        }
        (pooled(&self.pool, &lo), pooled(&self.pool, &hi))
    }

    fn contributions(&self, study: &Study, origin: usize) -> Vec<Contribution> {
        let Some(model) = &self.base.full else {
            return Vec::new();
        };
        let mut groups: Vec<Contribution> = Vec::new();
        let mut place = Vec::new();
        for (_, group) in &study.features {
            let known = groups.iter().position(|known| known.group == *group);
            place.push(known.unwrap_or(groups.len()));
            if known.is_none() {
                groups.push(Contribution {
                    group: group.clone(),
                    log_odds: vec![0.0; study.n_cells],
                });
            }
        }
        let mut row = Vec::new();
        for cell in 0..study.n_cells {
            row.clear();
            self.base.scale.put(study.row(origin, cell), &mut row);
            for ((x, weight), &group) in row.iter().zip(&model.weights).zip(&place) {
                groups[group].log_odds[cell] += x * weight;
            }
        }
        groups
    }
}

impl Study {
    fn log_rate(&self, origin: usize, baseline: usize, cell: usize) -> f64 {
        (self.at[origin].baselines[baseline][cell] + FLOOR).ln()
    }
}

/// Inverse of the information of the logistic member, its penalty included.
fn covariance(study: &Study, base: &Base, settings: &Settings, seed: Seed) -> Option<Vec<f64>> {
    let model = base.full.as_ref()?;
    let rows = sample(study, study.passed(base.day), settings, seed);
    let width = 1 + study.features.len();
    let mut information = NormalEquations::new(width);
    let mut row = Vec::with_capacity(width);
    for &(origin, cell) in &rows.at {
        row.clear();
        row.push(1.0);
        base.scale.put(study.row(origin, cell), &mut row);
        let p = logistic(model.log_odds(&row[1..]) - rows.kept.ln());
        information.add(&row, p * (1.0 - p), 0.0);
    }
    for column in 1..width {
        let mut unit = vec![0.0; width];
        unit[column] = 1.0;
        information.add(&unit, settings.alpha, 0.0);
    }
    information.inverse()
}

fn quadratic(matrix: &[f64], x: &[f64]) -> f64 {
    let row = |row: &[f64]| row.iter().zip(x).map(|(a, b)| a * b).sum::<f64>();
    let rows = matrix.chunks_exact(x.len());
    rows.zip(x).map(|(a, b)| row(a) * b).sum()
}
