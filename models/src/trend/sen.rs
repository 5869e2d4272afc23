use super::mann_kendall::mann_kendall;
use super::{TrendError, known};
use crate::units::{real, two_sided_z};

/// A robust straight line through a series, and how sure its slope is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SenSlope {
    /// Change of the value in a step.
    pub slope: f64,
    /// Lower end of the confidence interval of the slope.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Height of the line at the first step.
    pub intercept: f64,
}

/// Theil-Sen slope: the median of the slopes of all pairs of known steps (Theil 1950), with Sen's
/// confidence interval (Sen 1968).
///
/// ```text
/// slope = median_{i < j} (x_j - x_i) / (t_j - t_i)      intercept = median x - slope median t
/// ```
///
/// Of the `N` slopes in ascending order, the interval takes those numbered `(N - C) / 2` and
/// `(N + C) / 2 + 1`, rounded to whole numbers within `1..=N`, with `C = z sqrt(Var S)`, `Var S`
/// as in [`mann_kendall`](super::mann_kendall) and `z` the two-sided normal quantile. Units of the
/// values per step.
///
/// - `values`: one per step, `None` where not known; the known keep their steps.
/// - `confidence`: of the interval, such as 0.95.
///
/// Edge cases: all values equal give 0 throughout. Time and memory grow with the square of the
/// number of steps.
///
/// # Errors
/// Fewer than [`FEWEST_STEPS`](super::FEWEST_STEPS) known values, one that is not finite, a
/// confidence outside 0..1.
///
/// # References
/// Theil 1950, [doi:10.1007/978-94-011-2546-8_20](https://doi.org/10.1007/978-94-011-2546-8_20);
/// Sen 1968, [doi:10.1080/01621459.1968.10480934](https://doi.org/10.1080/01621459.1968.10480934).
///
/// ```
/// use forewarn_models::trend::sen_slope;
/// // Two a step, one of them out of line, one not known.
/// let mut values: Vec<_> = (0..10).map(|t| Some(2.0 * f64::from(t) + 1.0)).collect();
/// values[3] = Some(90.0);
/// values[7] = None;
/// let line = sen_slope(&values, 0.95)?;
/// assert_eq!((line.slope, line.intercept), (2.0, 3.0));
/// # Ok::<(), forewarn_models::trend::TrendError>(())
/// ```
pub fn sen_slope(values: &[Option<f64>], confidence: f64) -> Result<SenSlope, TrendError> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(TrendError::InvalidConfidence);
    }
    let known = known(values)?;
    let slopes = slopes(&known);
    let slope = middle(&slopes);
    let spread = mann_kendall(values)?.variance.sqrt();
    let reach = two_sided_z(1.0 - confidence) * spread;
    let (n, half) = (real(slopes.len()), reach / 2.0);
    let numbered = |number: f64| slopes[rounded(number.clamp(1.0, n)) - 1];
    Ok(SenSlope {
        slope,
        lower: numbered(n / 2.0 - half),
        upper: numbered(n / 2.0 + half + 1.0),
        intercept: typical(&known, |&(_, x)| x) - slope * typical(&known, |&(t, _)| real(t)),
    })
}

/// Slope of the line of [`sen_slope`] alone.
pub(super) fn slope_of(known: &[(usize, f64)]) -> f64 {
    middle(&slopes(known))
}

/// The slopes of all pairs, ascending.
fn slopes(known: &[(usize, f64)]) -> Vec<f64> {
    let mut slopes = Vec::with_capacity(known.len() * known.len().saturating_sub(1) / 2);
    for (i, &(from, start)) in known.iter().enumerate() {
        let rest = known[i + 1..].iter();
        slopes.extend(rest.map(|&(to, end)| (end - start) / real(to - from)));
    }
    slopes.sort_unstable_by(f64::total_cmp);
    slopes
}

fn typical(known: &[(usize, f64)], of: impl Fn(&(usize, f64)) -> f64) -> f64 {
    let mut numbers: Vec<f64> = known.iter().map(of).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    middle(&numbers)
}

/// Median of ascending numbers, of which there is at least one.
fn middle(numbers: &[f64]) -> f64 {
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[half]
    } else {
        f64::midpoint(numbers[half - 1], numbers[half])
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the numbers of a slice"
)]
fn rounded(number: f64) -> usize {
    number.round() as usize
}
