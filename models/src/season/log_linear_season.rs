use thiserror::Error;

use super::log_linear::{Basis, Climb, Pull, Summit, factor};
use super::overdispersion::{Overdispersion, OverdispersionError, overdispersion};
use super::phase_bins::PhaseBins;
use crate::units::{LengthMismatch, real, same_length};

/// Standard deviations of areas' coefficients about the mission's that are tried: from alike to
/// seasons that have nothing to do with each other.
const SPREADS: [f64; 8] = [0.05, 0.1, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5];
/// Rounds in which the size and the coefficients are brought to agree.
const MOST_ROUNDS: usize = 50;
/// Level at which counts are held to spread more than Poisson counts.
const OVERDISPERSED: f64 = 0.01;

/// Counts of one group of places over periods.
#[derive(Debug, Clone, Copy)]
pub struct SeasonGroup<'a> {
    /// Events of each period; may be fractions.
    pub counts: &'a [f64],
    /// Exposure of each: km2 x weeks, times effort where it is known. Periods with 0 are left out.
    pub exposure: &'a [f64],
    /// Where in the season each period lies; may tell of more periods than there are counts.
    pub phases: &'a PhaseBins,
}

/// Counts to which no season can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SeasonFitError {
    /// Not one exposure and one phase per count.
    #[error(transparent)]
    Length(#[from] LengthMismatch),
    /// A count that cannot be, or above 0 without exposure.
    #[error(
        "period {period} of group {group} must have a finite count of at least 0, and exposure where it is above"
    )]
    Count {
        /// Position of the group.
        group: usize,
        /// Position of the period.
        period: usize,
    },
    /// Groups whose phases stand in different bins.
    #[error("all groups must have their phases in the same bins")]
    Bins,
    /// No event.
    #[error("there must be events")]
    NoEvent,
    /// Phases too few to tell the coefficients apart.
    #[error("the phases do not determine the coefficients")]
    Undetermined,
    /// Events confined to a phase: the likelihood rises for ever.
    #[error("events are confined to a part of the season, so that no harmonic fits best")]
    Confined,
    /// Fitted means that ask no question of spread.
    #[error(transparent)]
    Overdispersion(#[from] OverdispersionError),
}

/// Seasons of groups, each pulled towards the season of all.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonFit {
    /// Number of waves, 0 for a flat year.
    pub harmonics: usize,
    /// Size of the negative binomial law of a period's count; `None` where Poisson's does.
    pub size: Option<f64>,
    /// Coefficients of all groups together: cos and sin of each wave, then the logarithm of the
    /// level outside the season where there is such a time.
    pub coefficients: Vec<f64>,
    /// Standard deviation of the groups' coefficients about those of all; 0 where they are alike.
    pub spread: f64,
    /// Coefficients of each group; those of all where it had no event.
    pub of_groups: Vec<Vec<f64>>,
    /// Log-likelihood in nats, the groups' departures integrated out (Laplace).
    pub log_likelihood: f64,
    /// Akaike's criterion of it.
    pub aic: f64,
    /// Spread of the counts about the Poisson fit.
    pub overdispersion: Overdispersion,
    basis: Basis,
}

impl SeasonFit {
    /// Rate of a group in a period relative to its level, dimensionless; averaged over the phases
    /// that the period may lie in. `None` where the phases stand in other bins.
    #[must_use]
    pub fn relative(&self, group: usize, phases: &PhaseBins) -> Option<Vec<f64>> {
        let coefficients = self.of_groups.get(group)?;
        let n_bins = phases.bins().len();
        (Basis::new(phases.bins(), self.harmonics) == self.basis).then(|| {
            let factors = self.basis.factors(n_bins, coefficients);
            (0..phases.n_periods())
                .map(|period| factor(&factors, phases, period))
                .collect()
        })
    }
}

/// Log-linear seasons of several groups, such as areas, over the phase of a season.
///
/// ```text
/// log E_gt = b_g + log exposure_gt + log sum_m p_gt(m) exp(x_m' beta_g)
/// x_m = (cos 2 pi k phi_m, sin 2 pi k phi_m), k = 1..K; outside the season a level of its own
/// beta_g ~ Normal(beta, tau^2)
/// y_gt ~ Poisson(E_gt), or negative binomial with variance E_gt + E_gt^2 / r
/// ```
///
/// - Where a period lies for certain in one bin `m`, this is a regression on harmonics with an
///   offset; where its phase is in doubt, its expectation is the mean over the doubt `p`.
/// - `beta`: maximum likelihood with a level `b_g` of its own for every group (Fisher scoring,
///   levels eliminated; Nelder & Wedderburn 1972). Groups without an event say nothing of it.
/// - The law is Poisson's unless Dean's one-sided test finds the counts overdispersed about the
///   groups' own seasons at 0.01; then `r` and `beta` are the likeliest together.
/// - `tau`, in units of the logarithm of the rate, is where the marginal likelihood is highest
///   among 0 and eight values up to 1.5, the groups' departures integrated out by Laplace's
///   approximation; `beta_g` is the mode of its posterior. A group with few events keeps the
///   season of all.
/// - AIC counts the levels, `beta`, and `r` and `tau` where they are above their bounds.
///
/// # Errors
/// Lengths differ; a count that cannot be; bins differ; no event; phases that do not determine the
/// coefficients; events confined to a part of the season.
///
/// # References
/// [doi:10.2307/2344614](https://doi.org/10.2307/2344614); Tierney & Kadane 1986,
/// [doi:10.1080/01621459.1986.10478240](https://doi.org/10.1080/01621459.1986.10478240); Lawless
/// 1987, [doi:10.2307/3314912](https://doi.org/10.2307/3314912).
pub fn log_linear_season(
    groups: &[SeasonGroup<'_>],
    harmonics: usize,
) -> Result<SeasonFit, SeasonFitError> {
    let (speaking, basis) = checked(groups, harmonics)?;
    let model = Model {
        groups: &speaking,
        basis: &basis,
    };
    let poisson = model.best(None)?;
    let overdispersion = model.overdispersion(&poisson)?;
    let mut best = poisson;
    if overdispersion.p < OVERDISPERSED {
        best = model.best(model.size()?)?;
    }
    let free = speaking.len()
        + basis.width
        + usize::from(best.size.is_some())
        + usize::from(best.spread > 0.0);
    let mut of_speaking = best.of_groups.into_iter();
    let of_groups = groups.iter().map(|group| {
        let own = speaks(group).then(|| of_speaking.next()).flatten();
        own.map_or_else(|| best.common.clone(), |own| own.coefficients)
    });
    Ok(SeasonFit {
        harmonics,
        size: best.size,
        spread: best.spread,
        of_groups: of_groups.collect(),
        log_likelihood: best.log_likelihood,
        aic: 2.0 * (real(free) - best.log_likelihood),
        overdispersion,
        coefficients: best.common,
        basis,
    })
}

/// Groups with events, and the waves at their bins.
struct Model<'a> {
    groups: &'a [SeasonGroup<'a>],
    basis: &'a Basis,
}

/// Each group's own season about that of all.
struct Summits {
    size: Option<f64>,
    spread: f64,
    common: Vec<f64>,
    of_groups: Vec<Summit>,
    log_likelihood: f64,
}

impl Model<'_> {
    /// The likeliest spread.
    fn best(&self, size: Option<f64>) -> Result<Summits, SeasonFitError> {
        let mut best = self.alike(size)?;
        if self.basis.width > 0 && self.groups.len() > 1 {
            for spread in SPREADS {
                let tried = self.apart(size, &best.common, spread)?;
                if tried.log_likelihood > best.log_likelihood {
                    best = tried;
                }
            }
        }
        Ok(best)
    }

    /// One season for all groups.
    fn alike(&self, size: Option<f64>) -> Result<Summits, SeasonFitError> {
        let climb = Climb {
            groups: self.groups,
            basis: self.basis,
            size,
            pull: None,
        };
        let common = climb.from(&vec![0.0; self.basis.width])?;
        let area = |&level: &f64| Summit {
            levels: vec![level],
            ..common.clone()
        };
        Ok(Summits {
            size,
            spread: 0.0,
            of_groups: common.levels.iter().map(area).collect(),
            log_likelihood: common.log_likelihood,
            common: common.coefficients,
        })
    }

    /// Seasons that depart from the common one with a standard deviation of `spread`.
    fn apart(
        &self,
        size: Option<f64>,
        common: &[f64],
        spread: f64,
    ) -> Result<Summits, SeasonFitError> {
        let precision = spread.powi(-2);
        let pull = Pull {
            centre: common,
            precision,
        };
        let mut areas = Vec::with_capacity(self.groups.len());
        let mut log_likelihood = 0.0;
        for group in self.groups {
            let climb = Climb {
                groups: std::slice::from_ref(group),
                basis: self.basis,
                size,
                pull: Some(pull),
            };
            let own = climb.from(common)?;
            let apart = own.coefficients.iter().zip(common);
            let square: f64 = apart.map(|(b, c)| (b - c).powi(2)).sum();
            let width = real(self.basis.width);
            let narrow = own.ln_information - width * precision.ln();
            log_likelihood += own.log_likelihood - f64::midpoint(precision * square, narrow);
            areas.push(own);
        }
        Ok(Summits {
            size,
            spread,
            common: common.to_vec(),
            of_groups: areas,
            log_likelihood,
        })
    }

    /// How counts spread about the groups' own seasons.
    fn overdispersion(&self, at: &Summits) -> Result<Overdispersion, SeasonFitError> {
        let (mut counts, mut means) = (Vec::new(), Vec::new());
        for (group, area) in self.groups.iter().zip(&at.of_groups) {
            let climb = Climb {
                groups: std::slice::from_ref(group),
                basis: self.basis,
                size: None,
                pull: None,
            };
            climb.fitted(area, &mut counts, &mut means);
        }
        let coefficients = self.groups.len() + self.basis.width;
        Ok(overdispersion(&counts, &means, coefficients)?)
    }

    /// The size that agrees with the coefficients fitted with it.
    fn size(&self) -> Result<Option<f64>, SeasonFitError> {
        let mut size = self.overdispersion(&self.alike(None)?)?.size;
        let spread = self.best(size)?.spread;
        for _ in 0..MOST_ROUNDS {
            let mut at = self.alike(size)?;
            if spread > 0.0 {
                at = self.apart(size, &at.common, spread)?;
            }
            let before = size;
            size = self.overdispersion(&at)?.size;
            match before.zip(size) {
                Some((before, now)) if (now / before).ln().abs() > 1e-8 => {}
                _ => break,
            }
        }
        Ok(size)
    }
}

fn speaks(group: &SeasonGroup<'_>) -> bool {
    group.counts.iter().sum::<f64>() > 0.0
}

/// The groups with events, and the waves at their bins.
fn checked<'a>(
    groups: &[SeasonGroup<'a>],
    harmonics: usize,
) -> Result<(Vec<SeasonGroup<'a>>, Basis), SeasonFitError> {
    let bins = groups.first().ok_or(SeasonFitError::NoEvent)?.phases.bins();
    for (index, group) in groups.iter().enumerate() {
        same_length(group.counts.len(), group.exposure.len())?;
        same_length(
            group.counts.len(),
            group.phases.n_periods().min(group.counts.len()),
        )?;
        if group.phases.bins() != bins {
            return Err(SeasonFitError::Bins);
        }
        let valid = |(y, e): (&f64, &f64)| {
            y.is_finite() && *y >= 0.0 && e.is_finite() && *e >= 0.0 && (*e > 0.0 || *y <= 0.0)
        };
        let mut periods = group.counts.iter().zip(group.exposure);
        if let Some(period) = periods.position(|pair| !valid(pair)) {
            return Err(SeasonFitError::Count {
                group: index,
                period,
            });
        }
    }
    let speaking: Vec<_> = groups
        .iter()
        .filter(|group| speaks(group))
        .copied()
        .collect();
    if speaking.is_empty() {
        return Err(SeasonFitError::NoEvent);
    }
    let basis = Basis::new(bins, harmonics);
    if bins_seen(&speaking) <= basis.width {
        return Err(SeasonFitError::Undetermined);
    }
    Ok((speaking, basis))
}

/// Number of bins that some group was looked at in.
fn bins_seen(groups: &[SeasonGroup<'_>]) -> usize {
    let n_bins = groups.first().map_or(0, |group| group.phases.bins().len());
    let mut seen = vec![false; n_bins];
    for group in groups {
        let looked = (0..group.counts.len()).filter(|&t| group.exposure[t] > 0.0);
        for &(bin, _) in looked.flat_map(|t| group.phases.of(t)) {
            seen[bin] = true;
        }
    }
    seen.iter().filter(|seen| **seen).count()
}
