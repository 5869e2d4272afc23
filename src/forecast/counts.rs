//! What the forecasts of counts were worth.

use super::cases::Cases;
use super::judge::share;

/// Share of counts within the 90 % interval, and the score of the five quantiles: twice their mean pinball
/// loss, which is what the ranked probability score comes to on these levels.
pub(super) fn of_counts(cases: &Cases<'_>) -> (f64, f64) {
    let levels = crate::tables::COUNT_LEVELS;
    let quantiles = cases
        .periods
        .iter()
        .flat_map(|period| &period.count_quantiles);
    let (mut within, mut loss) = (0, 0.0);
    for (quantiles, &count) in quantiles.zip(&cases.count) {
        let (lo, hi) = (quantiles[0], quantiles[levels.len() - 1]);
        within += usize::from((lo..=hi).contains(&count));
        for (level, &quantile) in levels.iter().zip(quantiles) {
            let off = f64::from(count) - f64::from(quantile);
            loss += f64::max(level * off, (level - 1.0) * off);
        }
    }
    let n = f64::max(share(cases.len(), 1), 1.0);
    (
        share(within, cases.len()),
        2.0 * loss / (n * share(levels.len(), 1)),
    )
}
