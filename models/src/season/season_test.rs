use statrs::function::beta::beta_reg;
use statrs::function::gamma::gamma_ur;

use super::harmonic::{HarmonicError, HarmonicFit, harmonic_poisson};
use crate::units::real;

/// How much better so many waves describe the counts than none.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonEvidence {
    /// The fit.
    pub fit: HarmonicFit,
    /// Twice the gain in log-likelihood over no season.
    pub likelihood_ratio: f64,
    /// Probability of a gain at least as large without a season, for Poisson counts: chi-squared
    /// with two degrees of freedom a wave.
    pub p: f64,
    /// The same for counts that spread more than Poisson counts: `likelihood_ratio / (2 K
    /// dispersion)` against Fisher's F, the dispersion taken as at least 1.
    pub p_dispersed: f64,
}

/// Fits of 0, 1, 2, ... waves.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonTest {
    /// The fit without a season.
    pub none: HarmonicFit,
    /// Evidence for one wave, two, and so on.
    pub waves: Vec<SeasonEvidence>,
    /// Number of waves with the lowest AIC; 0 means no season.
    pub best: usize,
}

/// Whether counts have a season beyond the season of the effort, and how many waves it takes.
///
/// [`harmonic_poisson`] with 0 to `most_harmonics` waves; likelihood ratio of each against none.
/// One wave is one peak a year; a place with two seasons needs two. The number of waves with the
/// lowest AIC describes best, but its p-value is then a chosen one: to test, say the number
/// beforehand. Incidents that come in clusters make `p` too small; `p_dispersed` allows for it.
///
/// # Errors
/// As [`harmonic_poisson`].
///
/// ```
/// use forewarn_models::season::season_test;
/// // Twelve months of five years, twice as many events in every winter.
/// let month = |t: u32| f64::from(t % 12);
/// let counts: Vec<f64> = (0..60).map(|t| if month(t) < 6.0 { 8.0 } else { 4.0 }).collect();
/// let phase: Vec<f64> = (0..60).map(|t| (month(t) + 0.5) / 12.0).collect();
/// let test = season_test(&counts, &phase, &[1.0; 60], 2)?;
/// assert!(test.waves[0].p < 1e-6);
/// // Where effort was twice as high as well, there is nothing left.
/// let test = season_test(&counts, &phase, &counts, 2)?;
/// assert_eq!(test.best, 0);
/// # Ok::<(), forewarn_models::season::HarmonicError>(())
/// ```
pub fn season_test(
    counts: &[f64],
    phase: &[f64],
    effort: &[f64],
    most_harmonics: usize,
) -> Result<SeasonTest, HarmonicError> {
    let none = harmonic_poisson(counts, phase, effort, 0)?;
    let waves = (1..=most_harmonics)
        .map(|k| harmonic_poisson(counts, phase, effort, k).map(|fit| evidence(&none, fit, k)))
        .collect::<Result<Vec<SeasonEvidence>, HarmonicError>>()?;
    let aic = |k: usize| {
        if k == 0 {
            none.aic
        } else {
            waves[k - 1].fit.aic
        }
    };
    let best = (0..=most_harmonics).min_by(|&j, &k| aic(j).total_cmp(&aic(k)));
    Ok(SeasonTest {
        best: best.unwrap_or(0),
        none,
        waves,
    })
}

fn evidence(none: &HarmonicFit, fit: HarmonicFit, waves: usize) -> SeasonEvidence {
    let df = 2.0 * real(waves);
    let gain = (2.0 * (fit.log_likelihood - none.log_likelihood)).max(0.0);
    let scaled = gain / fit.dispersion.max(1.0);
    let rest = real(fit.residual_df);
    SeasonEvidence {
        likelihood_ratio: gain,
        p: if gain > 0.0 {
            gamma_ur(df / 2.0, gain / 2.0)
        } else {
            1.0
        },
        p_dispersed: beta_reg(rest / 2.0, df / 2.0, rest / (rest + scaled)),
        fit,
    }
}
