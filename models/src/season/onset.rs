use std::ops::RangeInclusive;

use thiserror::Error;

use crate::units::{lower_tail, real};

/// What is thought of the first day of a season before anything of this year is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnsetPrior {
    /// Usual first day, in days since any fixed day.
    pub mean_day: f64,
    /// Standard deviation between years, in days.
    pub sd_days: f64,
    /// Share of years that follow no rule: any day of the window is as likely. 0 is the plain normal law;
    /// a little keeps a year that comes far outside the usual dates from being pulled back to them.
    pub any_day_share: f64,
}

/// What is known of the first day of one year's season.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OnsetEvidence {
    /// It was seen after one day and by another; equal days tell one day, such as an announced date.
    Seen {
        /// Last day on which the sign was absent.
        after_day: f64,
        /// First day on which it was there.
        by_day: f64,
        /// Standard deviation of the sign's day around the season's, in days.
        sd_days: f64,
    },
    /// The sign was still absent on a day.
    NotYet {
        /// That day.
        day: f64,
        /// As above.
        sd_days: f64,
    },
}

/// Where no first day can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OnsetError {
    /// A window without a day.
    #[error("the window of days is empty")]
    Window,
    /// Not finite, a standard deviation that is not positive, or a share outside 0..1.
    #[error("a prior needs a finite mean, a standard deviation above 0 and a share within 0..1")]
    Prior,
    /// Not finite, a negative deviation (or none where the days are equal), or days out of order.
    #[error("evidence {index} needs finite days in order and a standard deviation above 0")]
    Evidence {
        /// Position in the list.
        index: usize,
    },
    /// No day of the window agrees with all evidence.
    #[error("the evidence contradicts itself, or lies outside the window")]
    Contradiction,
}

/// How likely each day is to be the first of the season.
#[derive(Debug, Clone, PartialEq)]
pub struct Onset {
    first_day: i32,
    probability: Vec<f64>,
}

impl OnsetPrior {
    fn is_valid(self) -> bool {
        let share = (0.0..1.0).contains(&self.any_day_share);
        self.mean_day.is_finite() && self.sd_days.is_finite() && self.sd_days > 0.0 && share
    }

    /// The prior after first days of past years were seen, the present one counting as `worth_years` years:
    ///
    /// ```text
    /// m' = (k m + n x) / (k + n)
    /// s'^2 = (k s^2 + sum (x_i - x)^2 + k n / (k + n) (x - m)^2) / (k + n)
    /// ```
    ///
    /// with `x` the mean of the `n` days seen, told in days since the same day of their own year as `mean_day`
    /// is of this one. It is the normal model with unknown mean and variance (Gelman et al. 2013, *Bayesian
    /// Data Analysis*, 3rd ed., section 3.3), its scale for the spread. Days that are not finite are left out.
    ///
    /// ```
    /// use forewarn_models::season::OnsetPrior;
    /// let card = OnsetPrior { mean_day: 0.0, sd_days: 20.0, any_day_share: 0.05 };
    /// let own = card.after_years(&[10.0, 14.0], 2.0);
    /// assert_eq!(own.mean_day, 6.0);
    /// // (2 * 400 + 8 + 144) / 4
    /// assert!((own.sd_days - 238.0_f64.sqrt()).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn after_years(self, seen_days: &[f64], worth_years: f64) -> Self {
        let seen: Vec<f64> = seen_days
            .iter()
            .copied()
            .filter(|day| day.is_finite())
            .collect();
        if seen.is_empty() {
            return self;
        }
        let (n, k) = (real(seen.len()), worth_years);
        let mean = seen.iter().sum::<f64>() / n;
        let spread: f64 = seen.iter().map(|day| (day - mean).powi(2)).sum();
        let apart = k * n / (k + n) * (mean - self.mean_day).powi(2);
        let variance = (k * self.sd_days.powi(2) + spread + apart) / (k + n);
        Self {
            mean_day: (k * self.mean_day + n * mean) / (k + n),
            sd_days: variance.sqrt(),
            ..self
        }
    }

    /// Density of a day, up to a factor; `width` is the number of days of the window.
    fn weight(self, day: f64, width: f64) -> f64 {
        let z = (day - self.mean_day) / self.sd_days;
        let density = (-0.5 * z * z).exp() / (self.sd_days * std::f64::consts::TAU.sqrt());
        (1.0 - self.any_day_share) * density + self.any_day_share / width
    }
}

impl OnsetEvidence {
    fn is_valid(self) -> bool {
        let sd = |sd_days: f64| sd_days.is_finite() && sd_days > 0.0;
        match self {
            Self::Seen {
                after_day,
                by_day,
                sd_days,
            } => after_day.is_finite() && by_day.is_finite() && after_day <= by_day && sd(sd_days),
            Self::NotYet { day, sd_days } => day.is_finite() && sd(sd_days),
        }
    }

    /// How likely the evidence is if the season began on a day, up to a factor.
    fn likelihood(self, onset: f64) -> f64 {
        match self {
            Self::Seen {
                after_day,
                by_day,
                sd_days,
            } => {
                let (a, b) = ((after_day - onset) / sd_days, (by_day - onset) / sd_days);
                if after_day >= by_day {
                    (-0.5 * a * a).exp()
                } else if a > 0.0 {
                    // The difference of the small tails keeps digits that one of large ones has lost.
                    lower_tail(-a) - lower_tail(-b)
                } else {
                    lower_tail(b) - lower_tail(a)
                }
            }
            Self::NotYet { day, sd_days } => lower_tail((onset - day) / sd_days),
        }
    }
}

impl Onset {
    /// The posterior of a season's first day, over the whole days of a window.
    ///
    /// ```text
    /// P(d) ~ [ (1 - e) N(d; mean, sd) + e / width ]  prod_i L_i(d)
    /// L(seen in (a, b]) = Phi((b - d) / s) - Phi((a - d) / s)      (a = b: the normal density)
    /// L(not yet on t)   = Phi((d - t) / s)
    /// ```
    ///
    /// A sign follows the season's first day with a normal error of standard deviation `s`; a sign that has not
    /// come is evidence too, censored: it moves the season behind today and, with `e > 0`, widens it. Without
    /// evidence it is the prior. Days are whole, counted from any fixed day; the window should be one year, so
    /// that each season has its own.
    ///
    /// # Errors
    /// [`OnsetError`]: an empty window, a prior or evidence that is none, evidence that no day agrees with.
    ///
    /// # References
    /// The sum over a grid stands for the integral: Gelman et al. 2013, *Bayesian Data Analysis*, 3rd ed.,
    /// chapter 10; censoring as in its section 8.7.
    ///
    /// ```
    /// use forewarn_models::season::{Onset, OnsetEvidence, OnsetPrior};
    /// let prior = OnsetPrior { mean_day: 100.0, sd_days: 20.0, any_day_share: 0.0 };
    /// let seen = OnsetEvidence::Seen { after_day: 180.0, by_day: 180.0, sd_days: 5.0 };
    /// let onset = Onset::posterior(prior, &[seen], -80..=285)?;
    /// // 100 + 80 * 400 / (400 + 25)
    /// assert!((onset.mean_day() - 175.294).abs() < 0.01);
    /// # Ok::<(), forewarn_models::season::OnsetError>(())
    /// ```
    pub fn posterior(
        prior: OnsetPrior,
        evidence: &[OnsetEvidence],
        window: RangeInclusive<i32>,
    ) -> Result<Self, OnsetError> {
        if window.is_empty() {
            return Err(OnsetError::Window);
        }
        if !prior.is_valid() {
            return Err(OnsetError::Prior);
        }
        if let Some(index) = evidence.iter().position(|one| !one.is_valid()) {
            return Err(OnsetError::Evidence { index });
        }
        let first_day = *window.start();
        let width = f64::from(window.end() - first_day) + 1.0;
        let weight = |day: i32| {
            let day = f64::from(day);
            let likelihood = evidence.iter().map(|one| one.likelihood(day));
            prior.weight(day, width) * likelihood.product::<f64>()
        };
        let weights: Vec<f64> = window.map(weight).collect();
        let total: f64 = weights.iter().sum();
        if total.is_nan() || total < f64::MIN_POSITIVE {
            return Err(OnsetError::Contradiction);
        }
        Ok(Self {
            first_day,
            probability: weights.iter().map(|weight| weight / total).collect(),
        })
    }

    /// Every day of the window with its probability; these sum to one.
    pub fn days(&self) -> impl Iterator<Item = (i32, f64)> + '_ {
        (self.first_day..).zip(self.probability.iter().copied())
    }

    /// Expected first day.
    #[must_use]
    pub fn mean_day(&self) -> f64 {
        self.days().map(|(day, p)| p * f64::from(day)).sum()
    }

    /// Standard deviation in days.
    #[must_use]
    pub fn sd_days(&self) -> f64 {
        let mean = self.mean_day();
        let square = |(day, p): (i32, f64)| p * (f64::from(day) - mean).powi(2);
        self.days().map(square).sum::<f64>().sqrt()
    }

    /// First day by which the season has begun with probability `p` or more.
    #[must_use]
    pub fn quantile(&self, p: f64) -> i32 {
        let mut sum = 0.0;
        let reached = self.days().find(|&(_, of_day)| {
            sum += of_day;
            sum >= p
        });
        let last = self.first_day + i32::try_from(self.probability.len()).unwrap_or(i32::MAX) - 1;
        reached.map_or(last, |(day, _)| day)
    }

    /// Probability that the season has begun on or before a day.
    #[must_use]
    pub fn begun_by(&self, day: f64) -> f64 {
        self.days()
            .take_while(|&(onset, _)| f64::from(onset) <= day)
            .map(|(_, p)| p)
            .sum()
    }
}
