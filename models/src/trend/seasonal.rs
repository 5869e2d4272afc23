use super::mann_kendall::{Trend, eighteen_variances, whole};
use super::score::{Keys, key, sign, signed};
use super::{TrendError, known};

/// What one season says about the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seasons {
    /// Nothing: the variances of the seasons add up.
    Independent,
    /// Something, to be estimated: covariances are added. For ten years or more (Hirsch & Slack
    /// 1984); with fewer the estimates are rough and the test finds little.
    Dependent,
}

/// Seasonal Mann-Kendall test: each season of the year is compared with itself only, so that the
/// season is no trend (Hirsch, Slack & Smith 1982; Hirsch & Slack 1984).
///
/// ```text
/// S' = sum_g S_g      Var S' = sum_g Var S_g + 2 sum_{g < h} cov(S_g, S_h)
/// cov(S_g, S_h) = ( K_gh + 4 sum_j R_jg R_jh - Y (n_g + 1) (n_h + 1) ) / 3
/// K_gh = sum_{i < j} sgn( (x_jg - x_ig) (x_jh - x_ih) )
/// ```
///
/// with `S_g` and `Var S_g` as in [`mann_kendall`](super::mann_kendall) over the years of season
/// `g`, `n_g` the known of its `Y` years, and `R_jg` the rank of year `j`, `(n_g + 1) / 2` where
/// it is not known. The covariances are left out for [`Seasons::Independent`]. `Z` and `p` follow
/// as there.
///
/// - `values`: one per step, `None` where not known. The first is of the first season; a year that
///   breaks off has its last seasons not known.
/// - `period`: seasons of a year.
/// - `seasons`: how they hang together.
///
/// Edge cases: as in [`mann_kendall`](super::mann_kendall); one year only gives `p = 1`.
///
/// # Errors
/// Fewer than [`FEWEST_STEPS`](super::FEWEST_STEPS) known values in all, one that is not finite,
/// a period of 0, estimated covariances that outweigh the variances.
///
/// # References
/// [doi:10.1029/WR018i001p00107](https://doi.org/10.1029/WR018i001p00107),
/// [doi:10.1029/WR020i006p00727](https://doi.org/10.1029/WR020i006p00727); Dietz & Killeen 1981
/// for the covariance.
pub fn seasonal_mann_kendall(
    values: &[Option<f64>],
    period: usize,
    seasons: Seasons,
) -> Result<Trend, TrendError> {
    if period == 0 {
        return Err(TrendError::NoSteps);
    }
    let n = known(values)?.len();
    let years = values.len().div_ceil(period);
    let by_season: Vec<Vec<Option<f64>>> = (0..period)
        .map(|season| {
            let year = |j: usize| values.get(j * period + season).copied().flatten();
            (0..years).map(|j| year(j).map(key)).collect()
        })
        .collect();
    let (s, mut eighteenfold) = summed(values, period);
    if seasons == Seasons::Dependent {
        eighteenfold += 12 * thrice_covariances(&by_season);
    }
    Trend::of_score(n, s, whole(eighteenfold) / 18.0)
}

/// Scores, and eighteen times their variances, added up over the seasons.
fn summed(values: &[Option<f64>], period: usize) -> (i64, i64) {
    let mut keys = Keys::default();
    (0..period).fold((0, 0), |(s, eighteenfold), season| {
        let years = values.iter().skip(season).step_by(period);
        keys.read(years.flatten().copied());
        let score = keys.score();
        (
            s + score.s,
            eighteenfold + eighteen_variances(keys.len(), score),
        )
    })
}

/// Three times the covariances of each two seasons, added up: a whole number.
fn thrice_covariances(by_season: &[Vec<Option<f64>>]) -> i64 {
    let ranks: Vec<_> = by_season.iter().map(|years| twice_ranks(years)).collect();
    let most = |g: usize| 1 + signed(by_season[g].iter().flatten().count());
    let pair = |(g, h): (usize, usize)| {
        let years = signed(by_season[g].len());
        let products = ranks[g].iter().zip(&ranks[h]).map(|(a, b)| a * b);
        concordance(&by_season[g], &by_season[h]) + products.sum::<i64>()
            - years * most(g) * most(h)
    };
    (0..by_season.len())
        .flat_map(|h| (0..h).map(move |g| (g, h)))
        .map(pair)
        .sum()
}

/// Pairs of years in which two seasons go the same way, less those in which they go apart.
fn concordance(g: &[Option<f64>], h: &[Option<f64>]) -> i64 {
    let both: Vec<(f64, f64)> = g.iter().zip(h).filter_map(|(&g, &h)| g.zip(h)).collect();
    let mut sum = 0;
    for (i, first) in both.iter().enumerate() {
        for then in &both[i + 1..] {
            sum += sign(first.0, then.0) * sign(first.1, then.1);
        }
    }
    sum
}

/// Twice the rank of each year, the middle one for what is not known.
fn twice_ranks(years: &[Option<f64>]) -> Vec<i64> {
    let middle = 1 + signed(years.iter().flatten().count());
    let above = |x: f64| {
        years
            .iter()
            .flatten()
            .map(|&other| sign(other, x))
            .sum::<i64>()
    };
    years
        .iter()
        .map(|year| middle + year.map_or(0, above))
        .collect()
}
