use thiserror::Error;

use super::null::Null;
use super::score::Score;
use super::window::{Frame, Windows};
use super::zones::Zones;
use super::{Scanning, whole};
use crate::units::{LengthMismatch, same_length};

/// What is compared, and how the null is drawn.
///
/// Expectations come cell by cell, all steps of the first cell, then all of the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Model<'a> {
    /// [`poisson_llr`](super::poisson_llr). Null: the cases in all, spread independently in
    /// proportion to the expectation, whose scale does not matter.
    Poisson {
        /// Expected per cell and step, in any unit.
        expected: &'a [f64],
    },
    /// [`expectation_llr`](super::expectation_llr). Null: independent Poisson counts.
    Expectation {
        /// Expected per cell and step, in cases.
        expected: &'a [f64],
    },
    /// [`negative_binomial_llr`](super::negative_binomial_llr). Null: independent negative
    /// binomial counts.
    NegativeBinomial {
        /// Expected per cell and step, in cases.
        expected: &'a [f64],
        /// Variance of a count divided by its mean, above 1.
        variance_to_mean: f64,
    },
    /// [`negative_binomial_llr`](super::negative_binomial_llr) with one ratio, that of all cells
    /// together. Null: what is expected of a cell is known up to a gamma factor that all its steps
    /// share, as when a place has a good or a bad year; counts are Poisson given the factor.
    PoissonGamma {
        /// Expected per cell and step, in cases.
        expected: &'a [f64],
        /// Variance of the factor of each cell, its mean being 1; 0: a plain Poisson count.
        factor_variance: &'a [f64],
    },
    /// [`poisson_llr`](super::poisson_llr) with the expectation from the margins, cases of the
    /// cell times cases of the step over all cases. Null: the steps of the cases shuffled over
    /// their places. Blind to what differs only between places or only between times; not to a
    /// place that begins to report.
    SpaceTimePermutation,
}

/// Why no scan was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ScanError {
    /// Counts or expectations that are not one per cell and step.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// No steps, or windows of no step or of more than there are.
    #[error("windows must span 1..={n_steps} steps")]
    Windows {
        /// Number of steps.
        n_steps: usize,
    },
    /// A permutation of dates with nothing to tell.
    #[error("a space-time permutation needs windows shorter than the whole time")]
    NoTime,
    /// An expectation below zero or not finite.
    #[error("the expected count {index} must be finite and at least 0")]
    Expected {
        /// Position among the expectations.
        index: usize,
    },
    /// Something happened where nothing could.
    #[error("count {index} is above 0 where nothing is expected")]
    CountWithoutExpected {
        /// Position among the counts.
        index: usize,
    },
    /// A ratio of variance to mean that is no overdispersion.
    #[error("the ratio of variance to mean must be finite and above 1")]
    Ratio,
    /// A variance below zero or not finite.
    #[error("the variance of the factor of cell {index} must be finite and at least 0")]
    FactorVariance {
        /// Position of the cell.
        index: usize,
    },
    /// Nothing was counted.
    #[error("no case was counted")]
    NoCases,
    /// More than a 32-bit number of cases, counted or expected.
    #[error("a scan takes fewer than 2^31 cases")]
    TooManyCases,
    /// Too few replicates for a p-value.
    #[error("a scan needs at least one replicate")]
    NoReplicates,
    /// A stopping rule that stops at once.
    #[error("a sequential scan stops after at least one exceedance")]
    NoExceedances,
}

/// Excess of variance over mean, relative to the mean, below which a score is that of Poisson counts:
/// the two then agree to more digits than the former is good for.
const NEARLY_POISSON: f64 = 1e-9;

/// A cube of counts ready to be scanned: running sums per cell and slot.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) frame: Frame,
    pub(super) counts: Vec<u32>,
    pub(super) expected: Vec<f64>,
    pub(super) score: Score,
    pub(super) min_cases: u32,
    /// Cases in all.
    pub(super) total: u64,
    /// Largest and smallest expectation a cylinder may have.
    pub(super) range: (f64, f64),
}

/// Checks a scan and lays it out; cells marked as gone count and expect nothing.
pub(super) fn prepare(
    counts: &[u32],
    model: Model<'_>,
    zones: &Zones,
    scanning: &Scanning,
    gone: &[bool],
) -> Result<(Field, Null), ScanError> {
    let n_steps = counts.len() / zones.n_cells();
    same_length(zones.n_cells() * n_steps, counts.len())?;
    let frame = Frame::new(scanning.windows, n_steps).ok_or(ScanError::Windows { n_steps })?;
    let mut counts = counts.to_vec();
    blank(&mut counts, gone, n_steps);
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    if total == 0 {
        return Err(ScanError::NoCases);
    }
    let mut expected = expectations(&counts, model, n_steps, whole(total))?;
    if scanning.windows == Windows::Spatial && model == Model::SpaceTimePermutation {
        return Err(ScanError::NoTime);
    }
    blank(&mut expected, gone, n_steps);
    let scale = match model {
        Model::Poisson { .. } => whole(total) / expected.iter().sum::<f64>(),
        _ => 1.0,
    };
    for value in &mut expected {
        *value *= scale;
    }
    if total.max(ceiling(expected.iter().sum())) >= 1 << 31 {
        return Err(ScanError::TooManyCases);
    }
    let in_slots = slotted(&expected, &frame, n_steps);
    let null = Null::new(model, &counts, &in_slots, &frame, n_steps);
    let score = score(model, &in_slots, frame.n_slots, whole(total));
    let expected = summed(in_slots, frame.n_slots);
    let field = Field {
        counts: summed(slotted(&counts, &frame, n_steps), frame.n_slots),
        score,
        min_cases: scanning.min_cases.max(1),
        total,
        range: range(&expected, &frame, zones),
        expected,
        frame,
    };
    Ok((field, null))
}

fn score(model: Model<'_>, in_slots: &[f64], n_slots: usize, total: f64) -> Score {
    let excess = match model {
        Model::Poisson { .. } | Model::SpaceTimePermutation => {
            return Score::GivenTotal { total };
        }
        Model::Expectation { .. } => 0.0,
        Model::NegativeBinomial {
            variance_to_mean, ..
        } => variance_to_mean - 1.0,
        Model::PoissonGamma {
            factor_variance, ..
        } => {
            let means = in_slots.chunks_exact(n_slots).map(|row| row.iter().sum());
            let cells = means.zip(factor_variance);
            let (mean, excess) =
                cells.fold((0.0, 0.0), |(mean, excess), (own, variance): (f64, _)| {
                    (mean + own, excess + variance * own * own)
                });
            if mean > 0.0 { excess / mean } else { 0.0 }
        }
    };
    if excess > NEARLY_POISSON {
        Score::NegativeBinomial { excess }
    } else {
        Score::Expectation
    }
}

fn expectations(
    counts: &[u32],
    model: Model<'_>,
    n_steps: usize,
    total: f64,
) -> Result<Vec<f64>, ScanError> {
    let expected = match model {
        Model::SpaceTimePermutation => return Ok(margins(counts, n_steps, total)),
        Model::NegativeBinomial {
            variance_to_mean, ..
        } if !(variance_to_mean.is_finite() && variance_to_mean > 1.0) => {
            return Err(ScanError::Ratio);
        }
        Model::PoissonGamma {
            expected,
            factor_variance,
        } => {
            same_length(counts.len() / n_steps, factor_variance.len())?;
            let valid = |value: &f64| value.is_finite() && *value >= 0.0;
            if let Some(index) = factor_variance.iter().position(|value| !valid(value)) {
                return Err(ScanError::FactorVariance { index });
            }
            expected
        }
        Model::Poisson { expected }
        | Model::Expectation { expected }
        | Model::NegativeBinomial { expected, .. } => expected,
    };
    same_length(counts.len(), expected.len())?;
    let valid = |value: &f64| value.is_finite() && *value >= 0.0;
    if let Some(index) = expected.iter().position(|value| !valid(value)) {
        return Err(ScanError::Expected { index });
    }
    let impossible = |(&count, &value): (&u32, &f64)| count > 0 && value <= 0.0;
    match counts.iter().zip(expected).position(impossible) {
        Some(index) => Err(ScanError::CountWithoutExpected { index }),
        None => Ok(expected.to_vec()),
    }
}

/// Cases of the cell times cases of the step, over all cases.
fn margins(counts: &[u32], n_steps: usize, total: f64) -> Vec<f64> {
    let mut by_step = vec![0_u64; n_steps];
    for row in counts.chunks_exact(n_steps) {
        for (sum, &count) in by_step.iter_mut().zip(row) {
            *sum += u64::from(count);
        }
    }
    let row_of = |row: &[u32]| whole(row.iter().map(|&count| u64::from(count)).sum()) / total;
    counts
        .chunks_exact(n_steps)
        .map(row_of)
        .flat_map(|share| by_step.iter().map(move |&sum| share * whole(sum)))
        .collect()
}

fn blank<T: Default + Clone>(values: &mut [T], gone: &[bool], n_steps: usize) {
    for (row, _) in values
        .chunks_exact_mut(n_steps)
        .zip(gone)
        .filter(|&(_, &gone)| gone)
    {
        row.fill(T::default());
    }
}

/// Values per step as values per slot, not yet running; steps before every window are left out.
pub(super) fn slotted<T>(values: &[T], frame: &Frame, n_steps: usize) -> Vec<T>
where
    T: Copy + Default + std::ops::AddAssign,
{
    let mut slots = vec![T::default(); values.len() / n_steps * frame.n_slots];
    for (row, slots) in values
        .chunks_exact(n_steps)
        .zip(slots.chunks_exact_mut(frame.n_slots))
    {
        for (step, &value) in row.iter().enumerate() {
            if let Some(slot) = frame.slot(step) {
                slots[slot] += value;
            }
        }
    }
    slots
}

/// Running sums within each cell.
fn summed<T: Copy + std::ops::AddAssign>(mut slots: Vec<T>, n_slots: usize) -> Vec<T> {
    for row in slots.chunks_exact_mut(n_slots) {
        for slot in 1..n_slots {
            let before = row[slot - 1];
            row[slot] += before;
        }
    }
    slots
}

/// Bounds on the expectation of any cylinder: the least of one cell in one slot, and the most of
/// a zone over all slots.
fn range(expected: &[f64], frame: &Frame, zones: &Zones) -> (f64, f64) {
    let mut least = f64::INFINITY;
    for row in expected.chunks_exact(frame.n_slots) {
        let mut before = 0.0;
        for &value in row {
            if value > before {
                least = least.min(value - before);
            }
            before = value;
        }
    }
    let whole_time = |cell: u32| expected[(cell as usize + 1) * frame.n_slots - 1];
    let of_chain = |steps: &[super::zones::Step]| steps.iter().map(|s| whole_time(s.cell)).sum();
    let most = zones.chains().map(|(_, steps)| of_chain(steps));
    (least, most.fold(0.0, f64::max))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sums of expectations are not negative, and the cast saturates"
)]
fn ceiling(value: f64) -> u64 {
    value.ceil() as u64
}
