use thiserror::Error;

use crate::units::real;

/// Local regression: how far it looks, what it fits, how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loess {
    /// Number of nearest values that a fit rests on; odd, at least 3.
    pub span: usize,
    /// What is fitted.
    pub degree: Degree,
    /// Distance between fitted points, between which lines are drawn; 1 fits every point.
    pub jump: usize,
}

/// A curve fitted locally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degree {
    /// A weighted mean.
    Constant,
    /// A straight line.
    Line,
}

/// How a series is taken apart.
///
/// | field | usual | range |
/// |---|---|---|
/// | `period` | 12 for months, 52 for weeks | 2.. |
/// | `seasonal` | a line over 7 or more years | span odd, 3.. |
/// | `trend` | a line over the next odd span from `1.5 period / (1 - 1.5 / seasonal span)` | span odd, 3.. |
/// | `low_pass` | a line over the next odd span from `period` | span odd, 3.. |
/// | `inner_loops` | 2, or 1 when robust | 1.. |
/// | `outer_loops` | 0, or 15 when robust | 0.. |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StlParams {
    /// Values a year.
    pub period: usize,
    /// Smoothing of each month over the years.
    pub seasonal: Loess,
    /// Smoothing of what the season leaves.
    pub trend: Loess,
    /// Smoothing that keeps the trend out of the season.
    pub low_pass: Loess,
    /// Rounds of season and trend.
    pub inner_loops: usize,
    /// Rounds of weights that set outliers aside.
    pub outer_loops: usize,
}

impl StlParams {
    /// What Cleveland et al. advise for a period and a seasonal span in years. Robust where single
    /// weeks of attack are not to bend the season.
    #[must_use]
    pub fn usual(period: usize, seasonal_span: usize, robust: bool) -> Self {
        let loess = |span: usize| Loess {
            span,
            degree: Degree::Line,
            jump: span.div_ceil(10).max(1),
        };
        // ceil( 1.5 period / (1 - 1.5 / span) ) in whole numbers.
        let trend = (3 * period * seasonal_span).div_ceil((2 * seasonal_span).max(4) - 3);
        Self {
            period,
            seasonal: loess(seasonal_span),
            trend: loess(trend.max(3) | 1),
            low_pass: loess(period.max(3) | 1),
            inner_loops: if robust { 1 } else { 2 },
            outer_loops: if robust { 15 } else { 0 },
        }
    }
}

/// A series taken apart: `value = seasonal + trend + remainder`, in the unit of the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Stl {
    /// What comes back every year.
    pub seasonal: Vec<f64>,
    /// What changes slowly.
    pub trend: Vec<f64>,
    /// What neither explains.
    pub remainder: Vec<f64>,
    /// Weights of the values at the end, 0..=1; all 1 unless robust.
    pub weights: Vec<f64>,
}

impl Stl {
    /// Strength of the season, `max(0, 1 - Var(remainder) / Var(seasonal + remainder))`, within
    /// 0..=1 (Wang, Smith & Hyndman 2006,
    /// [doi:10.1007/s10618-005-0039-x](https://doi.org/10.1007/s10618-005-0039-x)). `None` when
    /// what the trend leaves does not vary.
    #[must_use]
    pub fn seasonal_strength(&self) -> Option<f64> {
        let rest = self.seasonal.iter().zip(&self.remainder);
        let detrended: Vec<f64> = rest.map(|(s, r)| s + r).collect();
        let whole = variance(&detrended);
        (whole > 0.0).then(|| (1.0 - variance(&self.remainder) / whole).max(0.0))
    }
}

/// Why a series cannot be taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StlError {
    /// A period below 2.
    #[error("a period must be at least 2")]
    Period,
    /// A span even or below 3.
    #[error("a span must be odd and at least 3")]
    Span,
    /// A jump of 0.
    #[error("a jump must be at least 1")]
    Jump,
    /// No round.
    #[error("there must be an inner loop")]
    Loops,
    /// Fewer than two periods.
    #[error("{got} values where {needed} are needed")]
    TooShort {
        /// Two periods.
        needed: usize,
        /// Values that came.
        got: usize,
    },
    /// A value not finite. The method has no gaps: fill them, or count them unknown and wait.
    #[error("value {index} must be finite")]
    NotFinite {
        /// Its position.
        index: usize,
    },
}

/// Season, trend and remainder of a series by local regression (Cleveland et al. 1990).
///
/// Each month is smoothed over the years, what is left of the trend in that is taken out by moving
/// means, and what the season leaves is smoothed to the trend; outer loops give values far from
/// both a smaller weight. The season may change slowly from year to year, which the phases of
/// [`Calendar`](super::Calendar) do not. Counts: take `sqrt(count + 3/8)` first, so that quiet and
/// violent years weigh alike.
///
/// # Errors
/// A parameter outside its range; fewer than two periods; a value not finite.
///
/// # References
/// Cleveland et al. 1990, *Journal of Official Statistics* 6:3. The loops are
/// those of the `stlrs` crate, which agrees with the authors' own program to the last digit.
///
/// ```
/// use forewarn_models::season::{StlParams, stl};
/// // A saw on a slope.
/// let series: Vec<f64> = (0..48).map(|t| f64::from(t % 4) + 0.25 * f64::from(t)).collect();
/// let parts = stl(&series, StlParams::usual(4, 7, false))?;
/// assert!((parts.seasonal[2] - parts.seasonal[1] - 1.0).abs() < 1e-9);
/// assert!(parts.seasonal_strength().is_some_and(|strength| strength > 0.999));
/// # Ok::<(), forewarn_models::season::StlError>(())
/// ```
pub fn stl(series: &[f64], params: StlParams) -> Result<Stl, StlError> {
    check(series, params)?;
    Ok(decomposed(series, params))
}

fn decomposed(series: &[f64], params: StlParams) -> Stl {
    let StlParams {
        seasonal,
        trend,
        low_pass,
        ..
    } = params;
    let parts = stlrs::StlParams::new()
        .seasonal_length(seasonal.span)
        .seasonal_degree(degree(seasonal))
        .seasonal_jump(seasonal.jump)
        .trend_length(trend.span)
        .trend_degree(degree(trend))
        .trend_jump(trend.jump)
        .low_pass_length(low_pass.span)
        .low_pass_degree(degree(low_pass))
        .low_pass_jump(low_pass.jump)
        .inner_loops(params.inner_loops)
        .outer_loops(params.outer_loops)
        .fit(series, params.period)
        .expect("parameters and length are within their ranges");
    Stl {
        seasonal: parts.seasonal().to_vec(),
        trend: parts.trend().to_vec(),
        remainder: parts.remainder().to_vec(),
        weights: parts.weights().to_vec(),
    }
}

const fn degree(loess: Loess) -> i32 {
    match loess.degree {
        Degree::Constant => 0,
        Degree::Line => 1,
    }
}

fn variance(values: &[f64]) -> f64 {
    let n = real(values.len());
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n
}

fn check(series: &[f64], params: StlParams) -> Result<(), StlError> {
    if params.period < 2 {
        return Err(StlError::Period);
    }
    for loess in [params.seasonal, params.trend, params.low_pass] {
        if loess.span < 3 || loess.span.is_multiple_of(2) {
            return Err(StlError::Span);
        }
        if loess.jump == 0 {
            return Err(StlError::Jump);
        }
    }
    if params.inner_loops == 0 {
        return Err(StlError::Loops);
    }
    let (needed, got) = (2 * params.period, series.len());
    if got < needed {
        return Err(StlError::TooShort { needed, got });
    }
    match series.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(StlError::NotFinite { index }),
        None => Ok(()),
    }
}
