use super::place::{PlaceError, check, check_budget};

/// Share of the budget by which a set may exceed it: sums of areas are rounded.
const ROUNDING: f64 = 1e-12;

/// The most events that any set of whole cells within a budget of area could have caught, `n*`.
///
/// A knapsack, solved exactly: `least(h)` is the smallest area that catches `h` events, built up
/// cell by cell from the cells with events, and `n*` is the largest `h` with `least(h)` within the
/// budget. Memory is 8 bytes an event, work one step per event and per cell with events.
///
/// # Errors
/// Lengths differ; an area or a budget that cannot be.
///
/// ```
/// use forewarn_models::score::best_hits;
/// // The densest cell is not in the best set.
/// assert_eq!(best_hits(&[4, 3, 3], &[1.1, 1.0, 1.0], 2.0)?, 6);
/// # Ok::<(), forewarn_models::score::PlaceError>(())
/// ```
pub fn best_hits(counts: &[u32], area_km2: &[f64], budget_km2: f64) -> Result<u64, PlaceError> {
    let real: Vec<f64> = counts.iter().map(|&count| f64::from(count)).collect();
    check(&real, area_km2)?;
    check_budget(budget_km2)?;
    let mut least = vec![0.0];
    for (&count, &area) in counts.iter().zip(area_km2).filter(|&(&count, _)| count > 0) {
        let count = count as usize;
        let known = least.len();
        least.resize(known + count, f64::INFINITY);
        for hits in (count..known + count).rev() {
            least[hits] = f64::min(least[hits], least[hits - count] + area);
        }
    }
    let limit = budget_km2 * (1.0 + ROUNDING);
    let best = least.iter().rposition(|&area| area <= limit);
    Ok(best.map_or(0, |hits| hits as u64))
}

/// The usual approximation of [`best_hits`]: whole cells by events per area, each that fits.
///
/// Never more than the exact value. Counts may be fractions. Ties go to the lower position.
///
/// # Errors
/// Lengths differ; a count, an area or a budget that cannot be.
pub fn greedy_hits(counts: &[f64], area_km2: &[f64], budget_km2: f64) -> Result<f64, PlaceError> {
    check(counts, area_km2)?;
    check_budget(budget_km2)?;
    let density = |cell: usize| counts[cell] / area_km2[cell];
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|&a, &b| density(b).total_cmp(&density(a)));
    let (mut hits, mut area) = (0.0, 0.0);
    let limit = budget_km2 * (1.0 + ROUNDING);
    for cell in order {
        if area + area_km2[cell] <= limit {
            area += area_km2[cell];
            hits += counts[cell];
        }
    }
    Ok(hits)
}
