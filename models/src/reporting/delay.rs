use crate::units::real;

/// Delays below which no quantile is told.
const FEWEST: usize = 20;

/// One report: how late it came, and how late it could have come and still be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// Days from the event to the report.
    pub delay_days: u32,
    /// Days from the event to the last look; no shorter than the delay.
    pub horizon_days: u32,
}

/// Distribution of reporting delays, given that a report comes within the longest horizon.
#[derive(Debug, Clone, PartialEq)]
pub struct Delays {
    /// Distinct delays in days, rising.
    days: Vec<u32>,
    /// Share of reports that have come by each of them.
    come: Vec<f64>,
}

/// Why no delay is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DelayError {
    /// Too few reports.
    #[error("needs {FEWEST} reports that came after the first night, has {got}")]
    TooFew {
        /// How many there are.
        got: usize,
    },
    /// A report that came after the last look.
    #[error("report {index}: its delay is longer than its horizon")]
    Horizon {
        /// Its position.
        index: usize,
    },
    /// Below some delay nothing is known: every report that could tell came at once.
    #[error("no report that could have come later is known to have come within {days} days")]
    Undetermined {
        /// The delay.
        days: u32,
    },
}

/// Distribution of reporting delays from reports seen up to a day (Lagakos, Barraj & De Gruttola 1988).
///
/// An event of last week can only be known with a delay of a week: the delays at hand lean to short
/// ones, the more so the younger the events. Read backwards in time, right truncation is left
/// truncation, and the product-limit estimator holds:
///
/// ```text
/// F(t) = product over distinct delays s > t of ( 1 - #{d_i = s} / #{d_i <= s <= h_i} )
/// ```
///
/// `observed` are the reports, delay `d_i` and horizon `h_i` in days. The result is the distribution of
/// delays given that they are no longer than the longest horizon: what comes later still, or never,
/// cannot be known from reports.
///
/// # Errors
/// Fewer than 20 reports, a delay longer than its horizon, or a delay below which the data are silent:
/// all reports at risk came at that very delay though shorter ones are known.
///
/// # References
/// [doi:10.1093/biomet/75.3.515](https://doi.org/10.1093/biomet/75.3.515); Kalbfleisch & Lawless 1991,
/// *Statistica Sinica* 1:19-32.
pub fn reporting_delays(observed: &[Observed]) -> Result<Delays, DelayError> {
    if observed.len() < FEWEST {
        let got = observed.len();
        return Err(DelayError::TooFew { got });
    }
    let late = |one: &Observed| one.delay_days > one.horizon_days;
    if let Some(index) = observed.iter().position(late) {
        return Err(DelayError::Horizon { index });
    }
    let mut delays: Vec<u32> = observed.iter().map(|one| one.delay_days).collect();
    let mut horizons: Vec<u32> = observed.iter().map(|one| one.horizon_days).collect();
    delays.sort_unstable();
    horizons.sort_unstable();
    let mut days = delays.clone();
    days.dedup();
    let mut come = vec![1.0; days.len()];
    for i in (1..days.len()).rev() {
        let longest = days[i];
        let by = delays.partition_point(|&delay| delay <= longest);
        let at = by - delays.partition_point(|&delay| delay < longest);
        // No delay exceeds its horizon: whoever's horizon is shorter has a shorter delay too.
        let at_risk = by - horizons.partition_point(|&horizon| horizon < longest);
        if at == at_risk {
            return Err(DelayError::Undetermined { days: longest });
        }
        come[i - 1] = come[i] * (1.0 - real(at) / real(at_risk));
    }
    Ok(Delays { days, come })
}

impl Delays {
    /// Days within which a share of the reports has come.
    #[must_use]
    pub fn quantile_days(&self, share: f64) -> u32 {
        let at = self.come.partition_point(|&come| come < share);
        self.days[at.min(self.days.len() - 1)]
    }

    /// Share of the reports that have come within a delay.
    #[must_use]
    pub fn come_within(&self, days: u32) -> f64 {
        let after = self.days.partition_point(|&delay| delay <= days);
        after.checked_sub(1).map_or(0.0, |at| self.come[at])
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha20Rng;
    use serde_json::Value;

    use super::*;
    use crate::testing::{all_close, close, numbers, reference};

    fn seen(pairs: &[(u32, u32)]) -> Vec<Observed> {
        let one = |&(delay_days, horizon_days): &(u32, u32)| Observed {
            delay_days,
            horizon_days,
        };
        pairs.iter().map(one).collect()
    }

    #[test]
    fn shares_equal_the_reversed_kaplan_meier_estimator_of_lifelines() {
        let reference = reference("delay");
        let cases = reference.as_array().unwrap();
        assert_eq!(cases.len(), 3);
        let day = |value: &Value| u32::try_from(value.as_u64().unwrap()).unwrap();
        for case in cases {
            let observed = case["observed"].as_array().unwrap().iter();
            let observed: Vec<_> = observed
                .map(|pair| (day(&pair[0]), day(&pair[1])))
                .collect();
            let delays = reporting_delays(&seen(&observed)).unwrap();
            let days: Vec<u32> = case["days"].as_array().unwrap().iter().map(day).collect();
            assert_eq!(delays.days, days);
            all_close(&delays.come, &numbers(&case["come"]), 1e-12);
        }
    }

    #[test]
    fn without_truncation_it_is_the_share_of_the_reports() {
        let pairs: Vec<(u32, u32)> = (0..40).map(|i| (i % 8, 1000)).collect();
        let delays = reporting_delays(&seen(&pairs)).unwrap();
        for days in 0..8 {
            close(delays.come_within(days), f64::from(days + 1) / 8.0, 1e-12);
        }
        assert_eq!(delays.quantile_days(0.5), 3);
        assert_eq!(delays.quantile_days(1.0), 7);
    }

    /// Delays of a known law, seen from one day on: the plain median leans to short ones, this does not.
    #[test]
    fn the_law_is_found_again_from_reports_cut_off_by_today() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let (mut truth, mut observed) = (Vec::new(), Vec::new());
        for _ in 0..40_000 {
            let happened = rng.random_range(0..60_u32);
            let uniform: f64 = rng.random();
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "days"
            )]
            let delay_days = (-uniform.ln() * 20.0) as u32;
            let horizon_days = 60 - happened;
            truth.push(delay_days);
            if delay_days <= horizon_days {
                observed.push(Observed {
                    delay_days,
                    horizon_days,
                });
            }
        }
        let delays = reporting_delays(&observed).unwrap();
        truth.retain(|&delay| delay <= 60);
        truth.sort_unstable();
        let mut plain: Vec<u32> = observed.iter().map(|one| one.delay_days).collect();
        plain.sort_unstable();
        let median = |sorted: &[u32]| sorted[sorted.len() / 2];
        assert!(
            median(&plain) + 3 <= median(&truth),
            "the plain median leans"
        );
        assert!(delays.quantile_days(0.5).abs_diff(median(&truth)) <= 1);
        let p90 = truth[truth.len() * 9 / 10];
        assert!(delays.quantile_days(0.9).abs_diff(p90) <= 2);
    }

    #[test]
    fn what_cannot_be_known_is_said() {
        let few = seen(&[(1, 2); 19]);
        assert_eq!(reporting_delays(&few), Err(DelayError::TooFew { got: 19 }));
        let mut late = seen(&[(1, 2); 20]);
        late[7].delay_days = 3;
        assert_eq!(
            reporting_delays(&late),
            Err(DelayError::Horizon { index: 7 })
        );
        // All that could be as late as 9 days are: how many came sooner is not known.
        let mut split = seen(&[(1, 2); 20]);
        split.extend(seen(&[(9, 9); 5]));
        assert_eq!(
            reporting_delays(&split),
            Err(DelayError::Undetermined { days: 9 })
        );
    }
}
