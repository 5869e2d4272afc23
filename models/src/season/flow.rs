use thiserror::Error;

use crate::surge::exceedance;
use crate::units::real;

/// Counts added to every cell of the table of means: nothing seen in a few weeks is not nothing for ever.
const HALF_A_COUNT: f64 = 0.5;
/// No predictive count is searched beyond this.
const MOST: f64 = 1e9;

/// One count at one point: a week, say.
#[derive(Debug, Clone, Copy)]
pub struct FlowCount<'a> {
    /// Position of the counting point.
    pub point: usize,
    /// Probability of each part of the season, off-season last; they sum to one.
    pub shares: &'a [f64],
    /// What was counted.
    pub count: f64,
    /// Share of the period in which somebody counted, above 0.
    pub exposure: f64,
}

/// What passes counting points in each part of a season.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    n_parts: usize,
    /// Mean count of a whole period, by point and part.
    mean: Vec<f64>,
    /// Overdispersion by point: variance = mean + dispersion mean^2.
    dispersion: Vec<f64>,
}

/// Where no flow can be fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FlowError {
    /// No part of the season, or a weight that is not positive.
    #[error("a flow needs parts of a season and a positive weight of the others")]
    Shape,
    /// A point that is none, shares of another length, a count or an exposure out of range.
    #[error(
        "count {index} needs a known point, a share for each part, and an exposure within 0..=1"
    )]
    Count {
        /// Position in the list.
        index: usize,
    },
}

/// Sums of the weighted table of points and parts.
struct Sums {
    n_parts: usize,
    count: Vec<f64>,
    exposure: Vec<f64>,
}

impl Sums {
    fn of(counts: &[FlowCount<'_>], n_points: usize, n_parts: usize) -> Self {
        let mut sums = Self {
            n_parts,
            count: vec![0.0; n_points * n_parts],
            exposure: vec![0.0; n_points * n_parts],
        };
        for one in counts {
            for (part, share) in one.shares.iter().enumerate() {
                sums.count[one.point * n_parts + part] += share * one.count;
                sums.exposure[one.point * n_parts + part] += share * one.exposure;
            }
        }
        sums
    }

    /// Mean count of a part over all points.
    fn rate(&self, part: usize) -> f64 {
        let sum =
            |column: &[f64]| -> f64 { column.iter().skip(part).step_by(self.n_parts).sum::<f64>() };
        let exposure = sum(&self.exposure);
        if exposure > 0.0 {
            sum(&self.count) / exposure
        } else {
            0.0
        }
    }
}

impl Flow {
    /// Fits what passes each point in each part of the season.
    ///
    /// ```text
    /// m_pk = (sum w y + c g_p r_k + 1/2) / (sum w e + c)      g_p = sum y / sum w e r_k
    /// a_p  = (sum w [(y - m e)^2 - m e] + c s a) / (sum w (m e)^2 + c s)       not below 0
    /// ```
    ///
    /// over the counts `y` of point `p`, weighted by the probability `w` of part `k` and by the share `e` of the
    /// period that was counted; `s` is the point's mean square, `r_k` and `a` are taken over all points, so that a point with few counts has the
    /// course of the others at its own level. Each count stands for `w` of itself in every part it may belong to.
    /// Counts per period, dimensionless dispersion.
    ///
    /// `others_weight` is `c`: the whole periods that the other points' course is worth. A point without a count
    /// has the level 1, the others' mean.
    ///
    /// # Errors
    /// [`FlowError`].
    ///
    /// # References
    /// Shrinkage of rates to a common shape: Clayton & Kaldor 1987,
    /// [doi:10.2307/2532003](https://doi.org/10.2307/2532003). Moments of the negative binomial: Noufaily et al.
    /// 2013, [doi:10.1002/sim.5595](https://doi.org/10.1002/sim.5595).
    pub fn fit(
        counts: &[FlowCount<'_>],
        n_points: usize,
        n_parts: usize,
        others_weight: f64,
    ) -> Result<Self, FlowError> {
        if n_parts == 0 || !(others_weight.is_finite() && others_weight > 0.0) {
            return Err(FlowError::Shape);
        }
        let valid = |one: &FlowCount<'_>| {
            let is_share = |share: &f64| (0.0..=1.0 + 1e-9).contains(share);
            one.point < n_points
                && one.shares.len() == n_parts
                && one.shares.iter().all(is_share)
                && one.count.is_finite()
                && one.count >= 0.0
                && one.exposure > 0.0
                && one.exposure <= 1.0
        };
        if let Some(index) = counts.iter().position(|one| !valid(one)) {
            return Err(FlowError::Count { index });
        }
        let sums = Sums::of(counts, n_points, n_parts);
        let mut flow = Self {
            n_parts,
            mean: means(&sums, n_points, others_weight),
            dispersion: vec![0.0; n_points],
        };
        flow.dispersion = flow.dispersions(counts, n_points, others_weight);
        Ok(flow)
    }

    fn dispersions(&self, counts: &[FlowCount<'_>], n_points: usize, weight: f64) -> Vec<f64> {
        let (mut excess, mut square) = (vec![0.0; n_points], vec![0.0; n_points]);
        let mut n = vec![0.0; n_points];
        for one in counts {
            for (mean, share) in self.means(one.point).iter().zip(one.shares) {
                let mean = mean * one.exposure;
                excess[one.point] += share * ((one.count - mean).powi(2) - mean);
                square[one.point] += share * mean * mean;
            }
            n[one.point] += 1.0;
        }
        let all: f64 = square.iter().sum();
        let common = if all > 0.0 {
            (excess.iter().sum::<f64>() / all).max(0.0)
        } else {
            0.0
        };
        let of_point = |p: usize| {
            // The others' dispersion counts as some periods with the point's own mean square.
            let each = if n[p] > 0.0 {
                weight * square[p] / n[p]
            } else {
                0.0
            };
            let square = square[p] + each;
            if square > 0.0 {
                ((excess[p] + each * common) / square).max(0.0)
            } else {
                common
            }
        };
        (0..n_points).map(of_point).collect()
    }

    /// Mean count of a whole period at a point, by part, off-season last.
    #[must_use]
    pub fn means(&self, point: usize) -> &[f64] {
        &self.mean[point * self.n_parts..][..self.n_parts]
    }

    /// What a period lets one expect at a point.
    ///
    /// `None` where the point is none, the shares have another length, or the exposure is not within 0..=1.
    #[must_use]
    pub fn forecast(&self, point: usize, shares: &[f64], exposure: f64) -> Option<FlowForecast> {
        let known = point < self.dispersion.len() && shares.len() == self.n_parts;
        if !(known && exposure > 0.0 && exposure <= 1.0) {
            return None;
        }
        let parts = shares.iter().zip(self.means(point));
        Some(FlowForecast {
            parts: parts
                .filter(|(share, _)| **share > 0.0)
                .map(|(&share, &mean)| (share, mean * exposure))
                .collect(),
            dispersion: self.dispersion[point],
        })
    }
}

fn means(sums: &Sums, n_points: usize, weight: f64) -> Vec<f64> {
    let rates: Vec<f64> = (0..sums.n_parts).map(|part| sums.rate(part)).collect();
    let of_point = |point: usize| {
        let at = point * sums.n_parts..(point + 1) * sums.n_parts;
        let (count, exposure) = (&sums.count[at.clone()], &sums.exposure[at]);
        let due: f64 = exposure.iter().zip(&rates).map(|(e, rate)| e * rate).sum();
        let level = if due > 0.0 {
            count.iter().sum::<f64>() / due
        } else {
            1.0
        };
        let shrunk = |((&count, &exposure), &rate): ((&f64, &f64), &f64)| {
            (count + weight * level * rate + HALF_A_COUNT) / (exposure + weight)
        };
        let parts = count.iter().zip(exposure).zip(&rates);
        parts.map(shrunk).collect::<Vec<f64>>()
    };
    (0..n_points).flat_map(of_point).collect()
}

/// A mixture of negative binomial counts, one for each part of the season that the period may lie in.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowForecast {
    parts: Vec<(f64, f64)>,
    dispersion: f64,
}

impl FlowForecast {
    /// A forecast of shares, means and one dispersion.
    #[cfg(test)]
    pub(crate) fn of(parts: Vec<(f64, f64)>, dispersion: f64) -> Self {
        Self { parts, dispersion }
    }

    /// Expected count.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.parts.iter().map(|(share, mean)| share * mean).sum()
    }

    /// How likely a count at least as high is, by [`exceedance`] in each part.
    #[must_use]
    pub fn at_least(&self, count: f64) -> Option<f64> {
        let in_part = |&(share, mean): &(f64, f64)| {
            let variance = mean + self.dispersion * mean * mean;
            Some(share * exceedance(count, mean, variance)?)
        };
        self.parts.iter().map(in_part).sum()
    }

    /// How likely a whole count at most as high is.
    #[must_use]
    pub fn at_most(&self, count: f64) -> Option<f64> {
        Some((1.0 - self.at_least(count.floor() + 1.0)?).max(0.0))
    }

    /// The least whole count that is not exceeded with probability `p` or more.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if !(0.0..1.0).contains(&p) {
            return None;
        }
        let enough = |count: f64| Some(self.at_most(count)? >= p);
        let (mut low, mut high) = (-1.0, 1.0);
        while !enough(high)? {
            (low, high) = (high, 2.0 * high);
            if high > MOST {
                return None;
            }
        }
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if enough(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(high)
    }
}

/// In how many seasons chance alone brings something once: `1 / (1 - (1 - p)^n)` for a probability `p` in each of
/// `n` looks a season, taken as independent. Seasons, at least 1; `None` where `p` is not within 0..=1, or it would be
/// never.
///
/// ```
/// use forewarn_models::season::once_in_seasons;
/// assert!((once_in_seasons(0.01, 20).unwrap() - 5.49).abs() < 0.01);
/// ```
#[must_use]
pub fn once_in_seasons(p: f64, looks: usize) -> Option<f64> {
    let never = real(looks) * (-p).ln_1p();
    let each_season = -never.exp_m1();
    ((0.0..=1.0).contains(&p) && each_season > 0.0).then(|| 1.0 / each_season)
}
