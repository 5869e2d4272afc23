use statrs::function::erf::erf;
use thiserror::Error;

/// 5 % and 95 % of the standard normal law lie this far from its middle.
const Z_90: f64 = 1.644_853_626_951_472_2;

/// What an indicator may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A score above the usual raises the sum.
    Raises,
    /// A score above the usual lowers it: agreements, open markets, mixed teams.
    Lowers,
    /// It tells of services and reporting, and never enters the sum.
    DetectionOnly,
}

/// One indicator at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Position of its theme among the panel's caps.
    pub theme: usize,
    /// What it may do.
    pub role: Role,
    /// Log-odds per unit of score, at least 0.
    pub weight: f64,
    /// Within 0..=1; missing where nobody observed.
    pub score: Option<f64>,
    /// Score that is usual here in this season, within 0..=1.
    pub usual: f64,
    /// Which part of it time has left, within 0..=1: see [`retained`].
    pub retained: f64,
    /// Whether it can call for a review alone.
    pub alone: bool,
}

/// What a panel laid down for all indicators together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel<'a> {
    /// Largest log-odds that each theme may add or take away, more than 0.
    pub caps: &'a [f64],
    /// Variance of a score that nobody observed; 1/12 where any score is as likely as any other.
    pub prior_variance: f64,
    /// Factors on weights between which the sum's sensitivity is told, such as 1/2 and 2.
    pub factors: [f64; 2],
    /// Retained score from which an indicator that can calls for a review alone.
    pub alone_from: f64,
}

/// The sum at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Combined {
    /// Log-odds against the usual: 0 where everything is as in every year.
    pub log_odds: f64,
    /// 5 % end of what the missing and the stale leave open.
    pub lo: f64,
    /// 95 % end.
    pub hi: f64,
    /// Lowest sum over other weights.
    pub band_lo: f64,
    /// Highest sum over other weights.
    pub band_hi: f64,
    /// What each piece of evidence adds before its theme's cap, in their order; 0 where it adds nothing.
    pub pushes: Vec<f64>,
    /// Positions of the evidence that calls for a review alone, whatever the sum.
    pub reviews: Vec<usize>,
}

/// What cannot be combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CombineError {
    /// No such theme.
    #[error("evidence {index} is of a theme that has no cap")]
    Theme {
        /// Position of the evidence.
        index: usize,
    },
    /// A weight that is none.
    #[error("the weight of evidence {index} must be finite and at least 0")]
    Weight {
        /// Position of the evidence.
        index: usize,
    },
    /// A score, usual score or retained part outside 0..=1.
    #[error("score, usual score and retained part of evidence {index} must be within 0..=1")]
    Share {
        /// Position of the evidence.
        index: usize,
    },
    /// A panel that cannot be followed.
    #[error("caps and factors must be finite and above 0, the prior variance at least 0")]
    Panel,
}

/// Which part of a piece of evidence is left at an age: `2^(-age / h)`, within 0..=1.
///
/// - `age_days`: at least 0; `half_life_days`: `h`, more than 0.
///
/// `None` where a number is none of these.
#[must_use]
pub fn retained(age_days: f64, half_life_days: f64) -> Option<f64> {
    let valid = age_days.is_finite() && age_days >= 0.0;
    let valid = valid && half_life_days.is_finite() && half_life_days > 0.0;
    valid.then(|| (-age_days / half_life_days).exp2())
}

/// Sums indicators of one place in log-odds.
///
/// With score `x`, usual score `e`, weight `w`, retained part `d` and sign `s` (+1 raises, -1 lowers):
///
/// ```text
/// push_i = s w d (x - e)            0 where x is missing, and for what tells of reporting only
/// L = sum over themes k of clamp(sum of its pushes, -cap_k, cap_k)
/// ```
///
/// so that ten correlated signals of one theme cannot outvote one of another.
///
/// **Doubt.** A score is taken for a stationary series about its usual level with variance `v` (the
/// panel's `prior_variance`) whose correlation over the evidence's age is `d`. Given the last score, its
/// present value then has the mean `e + d (x - e)` that `push` rests on, and the variance `v (1 - d^2)`: nothing for today's
/// observation, `v` for a missing one (`d = 0`). Indicators are taken as independent within a theme; a
/// theme's sum is normal, and its variance that of the same sum held between the caps. With the
/// variances of all themes added, `lo` and `hi` are the 5 % and 95 % points of the normal law about `L`.
/// Caps aside, forgetting an observation never narrows them.
///
/// **Sensitivity.** `band_lo` and `band_hi` are the lowest and highest `L` with each weight alone, and
/// all together, multiplied by either factor. Caps stay.
///
/// **Review.** What can call for a review alone does where `d x` reaches `alone_from`. Upwards only:
/// nothing lowers a call.
///
/// Units: log-odds (natural logarithm). Without evidence everything is 0.
///
/// # Errors
/// A theme without a cap, a weight below 0, a share outside 0..=1, a panel that cannot be followed.
///
/// # References
/// Good 1985, weight of evidence, in Bayesian Statistics 2; Greene 2003 for the censored normal law.
///
/// ```
/// use forewarn_models::indicators::{Evidence, Panel, Role, combine};
/// let panel = Panel { caps: &[1.5], prior_variance: 1.0 / 12.0, factors: [0.5, 2.0], alone_from: 0.5 };
/// let seen = Evidence {
///     theme: 0, role: Role::Raises, weight: 0.8, score: Some(0.9), usual: 0.4, retained: 1.0, alone: false,
/// };
/// let sum = combine(&[seen], &panel)?;
/// assert!((sum.log_odds - 0.4).abs() < 1e-12 && sum.lo == sum.hi);
/// assert!((sum.band_lo - 0.2).abs() < 1e-12 && (sum.band_hi - 0.8).abs() < 1e-12);
/// # Ok::<(), forewarn_models::indicators::CombineError>(())
/// ```
pub fn combine(evidence: &[Evidence], panel: &Panel<'_>) -> Result<Combined, CombineError> {
    check(evidence, panel)?;
    let pushes: Vec<f64> = evidence.iter().map(Evidence::push).collect();
    let mut sums = vec![0.0; panel.caps.len()];
    let mut variances = vec![0.0; panel.caps.len()];
    for (one, push) in evidence.iter().zip(&pushes) {
        sums[one.theme] += push;
        variances[one.theme] += one.open() * panel.prior_variance;
    }
    let log_odds = capped(&sums, panel.caps, 1.0);
    let variance: f64 = sums
        .iter()
        .zip(&variances)
        .zip(panel.caps)
        .map(|((&sum, &variance), &cap)| held_variance(sum, variance.sqrt(), cap))
        .sum();
    let reach = Z_90 * variance.sqrt();
    let [band_lo, band_hi] = band(evidence, &pushes, &sums, log_odds, panel);
    let calls = |one: &Evidence| {
        let left = one.score.map(|score| score * one.retained);
        one.alone && left.is_some_and(|left| left >= panel.alone_from)
    };
    Ok(Combined {
        log_odds,
        lo: log_odds - reach,
        hi: log_odds + reach,
        band_lo,
        band_hi,
        reviews: (0..evidence.len())
            .filter(|&i| calls(&evidence[i]))
            .collect(),
        pushes,
    })
}

impl Evidence {
    fn push(&self) -> f64 {
        let sign = match self.role {
            Role::Raises => 1.0,
            Role::Lowers => -1.0,
            Role::DetectionOnly => return 0.0,
        };
        self.score.map_or(0.0, |score| {
            sign * self.weight * self.retained * (score - self.usual)
        })
    }

    /// What it leaves open, in units of the prior variance.
    fn open(&self) -> f64 {
        if self.role == Role::DetectionOnly {
            return 0.0;
        }
        let retained = self.score.map_or(0.0, |_| self.retained);
        self.weight.powi(2) * (1.0 - retained.powi(2))
    }
}

/// The sum of all themes, each multiplied and then held between its caps.
fn capped(sums: &[f64], caps: &[f64], factor: f64) -> f64 {
    let held = sums.iter().zip(caps);
    held.map(|(sum, &cap)| (sum * factor).clamp(-cap, cap))
        .sum()
}

/// Lowest and highest sum over weights that are changed one at a time, and all together.
fn band(
    evidence: &[Evidence],
    pushes: &[f64],
    sums: &[f64],
    log_odds: f64,
    panel: &Panel<'_>,
) -> [f64; 2] {
    let mut band = [log_odds; 2];
    let mut see = |sum: f64| band = [band[0].min(sum), band[1].max(sum)];
    for factor in panel.factors {
        see(capped(sums, panel.caps, factor));
        for (one, push) in evidence.iter().zip(pushes) {
            let (sum, cap) = (sums[one.theme], panel.caps[one.theme]);
            let changed = (sum + (factor - 1.0) * push).clamp(-cap, cap);
            see(log_odds - sum.clamp(-cap, cap) + changed);
        }
    }
    band
}

/// Variance of a normal number held between `-cap` and `cap`: of `mean` and `deviation`, the censored
/// normal law.
///
/// With `a = (-cap - mean) / deviation`, `b = (cap - mean) / deviation`, in units of the deviation about
/// the mean: `E = a P(Z < a) + b P(Z > b) + f(a) - f(b)` and `E2 = a^2 P(Z < a) + b^2 P(Z > b) + P(a < Z < b) + a f(a) - b f(b)`.
pub(super) fn held_variance(mean: f64, deviation: f64, cap: f64) -> f64 {
    if deviation <= 0.0 {
        return 0.0;
    }
    let (a, b) = ((-cap - mean) / deviation, (cap - mean) / deviation);
    let below = |z: f64| 0.5 * (1.0 + erf(z * std::f64::consts::FRAC_1_SQRT_2));
    let density = |z: f64| (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let (low, high) = (below(a), below(-b));
    let first = a * low + b * high + density(a) - density(b);
    let second = a * a * low + b * b * high + (1.0 - low - high) + a * density(a) - b * density(b);
    (second - first * first).max(0.0) * deviation * deviation
}

fn check(evidence: &[Evidence], panel: &Panel<'_>) -> Result<(), CombineError> {
    let positive = |value: &f64| value.is_finite() && *value > 0.0;
    let good = panel.caps.iter().chain(&panel.factors).all(positive);
    let variance = panel.prior_variance;
    if !(good && variance.is_finite() && variance >= 0.0 && panel.alone_from.is_finite()) {
        return Err(CombineError::Panel);
    }
    for (index, one) in evidence.iter().enumerate() {
        if one.theme >= panel.caps.len() {
            return Err(CombineError::Theme { index });
        }
        if !(one.weight.is_finite() && one.weight >= 0.0) {
            return Err(CombineError::Weight { index });
        }
        let shares = [one.score.unwrap_or(0.0), one.usual, one.retained];
        if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
            return Err(CombineError::Share { index });
        }
    }
    Ok(())
}
