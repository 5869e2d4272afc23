use rayon::prelude::*;
use thiserror::Error;

use crate::units::real;

/// Numbers that are no p-values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FdrError {
    /// Not within 0..=1.
    #[error("p-value {index} must be 0..=1")]
    OutOfRange {
        /// Position in the family.
        index: usize,
    },
}

/// P-values adjusted for the false discovery rate under independence or positive dependence
/// (Benjamini & Hochberg 1995).
///
/// ```text
/// adjusted p_(k) = min_{r >= k} min(1, M p_(r) / r)
/// ```
///
/// over the `M` p-values sorted ascending. Rejecting where the adjusted value is at most `q` is
/// the step-up procedure at level `q`; where none is, none is rejected. Equal p-values get equal
/// adjusted values; the order is kept. `p` is the whole declared family: for a nightly map, all
/// cells of the last complete step (Caldas de Castro & Singer 2006).
///
/// # Errors
/// A p-value outside 0..=1, or not a number.
///
/// # References
/// [doi:10.1111/j.2517-6161.1995.tb02031.x](https://doi.org/10.1111/j.2517-6161.1995.tb02031.x),
/// [doi:10.1111/j.0016-7363.2006.00682.x](https://doi.org/10.1111/j.0016-7363.2006.00682.x).
///
/// ```
/// use forewarn_models::hotspot::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.75, 0.125, 0.25])?, [0.75, 0.375, 0.375]);
/// # Ok::<(), forewarn_models::hotspot::FdrError>(())
/// ```
pub fn benjamini_hochberg(p: &[f64]) -> Result<Vec<f64>, FdrError> {
    step_up(p, 1.0)
}

/// P-values adjusted for the false discovery rate under any dependence (Benjamini & Yekutieli
/// 2001): [`benjamini_hochberg`] with `M` replaced by `M sum_{i=1..M} 1/i`.
///
/// # Errors
/// A p-value outside 0..=1, or not a number.
///
/// # References
/// [doi:10.1214/aos/1013699998](https://doi.org/10.1214/aos/1013699998).
pub fn benjamini_yekutieli(p: &[f64]) -> Result<Vec<f64>, FdrError> {
    step_up(p, (1..=p.len()).map(|i| 1.0 / real(i)).sum())
}

/// [`benjamini_hochberg`] of a cube, each step a family of its own.
///
/// The p-value of cell `i` at step `t` stands at `i * n_steps + t`, in what comes in and in what
/// goes out. `None` where there is none; it belongs to no family.
///
/// # Errors
/// As there; the position is that in the cube.
pub fn benjamini_hochberg_of_steps(
    p: &[Option<f64>],
    n_steps: usize,
) -> Result<Vec<Option<f64>>, FdrError> {
    let outside = |p: &Option<f64>| p.is_some_and(|p| !(0.0..=1.0).contains(&p));
    if let Some(index) = p.iter().position(outside) {
        return Err(FdrError::OutOfRange { index });
    }
    let step = |t: usize| p.iter().skip(t).step_by(n_steps.max(1));
    let families = (0..n_steps).into_par_iter();
    let families =
        families.map(|t| benjamini_hochberg(&step(t).flatten().copied().collect::<Vec<_>>()));
    let mut adjusted = vec![None; p.len()];
    for (t, family) in families
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .enumerate()
    {
        let places = adjusted.iter_mut().skip(t).step_by(n_steps);
        let known = places.zip(step(t)).filter(|(_, p)| p.is_some());
        known
            .zip(family)
            .for_each(|((place, _), p)| *place = Some(p));
    }
    Ok(adjusted)
}

/// The level at which each of several families of tests is judged, so that all of them together keep
/// `q` (Benjamini & Bogomolov 2014).
///
/// - `families`: for each the p-value that nothing is true in it: the smallest adjusted p of
///   [`benjamini_hochberg`] within it (Simes 1986), or that of a test of the whole family.
///
/// ```text
/// R = families selected by Benjamini-Hochberg at q among the m of them     level = q R / m
/// ```
///
/// A family is selected exactly if its own p-value is at most the level. Rejecting within each what is
/// adjusted to the level or less keeps the expected false share, averaged over selected families, at
/// `q`; and where nothing is true anywhere, the probability of rejecting anything at all, since that is
/// the probability of selecting a family. Both hold under independence or positive dependence of the
/// families, as of statistics that read the same counts upwards.
///
/// `None` where no family is selected: nothing is rejected then.
///
/// # Errors
/// A p-value outside 0..=1, or not a number.
///
/// # References
/// [doi:10.1111/rssb.12028](https://doi.org/10.1111/rssb.12028); Simes 1986,
/// [doi:10.1093/biomet/73.3.751](https://doi.org/10.1093/biomet/73.3.751).
///
/// ```
/// use forewarn_models::hotspot::level_of_selected;
/// // One of two is selected: half the level for what is in it.
/// assert_eq!(level_of_selected(&[0.01, 0.4], 0.05)?, Some(0.025));
/// assert_eq!(level_of_selected(&[0.04, 0.4], 0.05)?, None);
/// # Ok::<(), forewarn_models::hotspot::FdrError>(())
/// ```
pub fn level_of_selected(families: &[f64], q: f64) -> Result<Option<f64>, FdrError> {
    let adjusted = benjamini_hochberg(families)?;
    let n_selected = adjusted.iter().filter(|&&p| p <= q).count();
    Ok((n_selected > 0).then(|| q * real(n_selected) / real(families.len())))
}

fn step_up(p: &[f64], penalty: f64) -> Result<Vec<f64>, FdrError> {
    if let Some(index) = p.iter().position(|value| !(0.0..=1.0).contains(value)) {
        return Err(FdrError::OutOfRange { index });
    }
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![1.0; p.len()];
    let mut lowest = 1.0_f64;
    for (below, &index) in order.iter().enumerate().rev() {
        lowest = lowest.min(p[index] * (real(p.len()) * penalty / real(below + 1)));
        adjusted[index] = lowest;
    }
    Ok(adjusted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{all_close, close, numbers, reference};

    #[test]
    fn the_line_of_ten_agrees_with_statsmodels() {
        let case = reference("false_discovery");
        let p = numbers(&case["p"]);
        let hochberg = benjamini_hochberg(&p).unwrap();
        all_close(&hochberg, &numbers(&case["benjamini_hochberg"]), 1e-9);
        let yekutieli = benjamini_yekutieli(&p).unwrap();
        all_close(&yekutieli, &numbers(&case["benjamini_yekutieli"]), 1e-9);
        close(hochberg[5], 0.03415, 5e-6);
        assert_eq!(hochberg.iter().filter(|&&p| p <= 0.05).count(), 1);
        assert!(yekutieli.iter().all(|&p| p > 0.05));
    }

    #[test]
    fn families_are_selected_as_statsmodels_rejects_them() {
        let case = reference("false_discovery");
        for case in case["families"].as_array().unwrap() {
            let level = level_of_selected(&numbers(&case["p"]), 0.05).unwrap();
            match case["level"].as_f64() {
                Some(want) => close(level.unwrap(), want, 1e-12),
                None => assert_eq!(level, None),
            }
        }
        assert_eq!(level_of_selected(&[], 0.05), Ok(None));
        let outside = level_of_selected(&[0.5, -0.1], 0.05);
        assert_eq!(outside, Err(FdrError::OutOfRange { index: 1 }));
    }

    #[test]
    fn only_probabilities_are_adjusted() {
        assert_eq!(
            benjamini_hochberg(&[0.5, 1.01]),
            Err(FdrError::OutOfRange { index: 1 })
        );
        assert_eq!(
            benjamini_yekutieli(&[f64::NAN]),
            Err(FdrError::OutOfRange { index: 0 })
        );
        assert_eq!(benjamini_hochberg(&[]), Ok(Vec::new()));
    }

    #[test]
    fn each_step_of_a_cube_is_a_family() {
        let [a, b] = [[0.75, 0.125, 0.25], [0.01, 0.5, 0.02]];
        let mut cube = vec![
            Some(a[0]),
            Some(b[0]),
            Some(a[1]),
            Some(b[1]),
            Some(a[2]),
            Some(b[2]),
        ];
        cube.extend([None, Some(0.03)]);
        let adjusted = benjamini_hochberg_of_steps(&cube, 2).unwrap();
        let step = |t| {
            adjusted
                .iter()
                .skip(t)
                .step_by(2)
                .copied()
                .collect::<Vec<_>>()
        };
        assert_eq!(step(0), [Some(0.75), Some(0.375), Some(0.375), None]);
        let other = benjamini_hochberg(&[0.01, 0.5, 0.02, 0.03]).unwrap();
        assert_eq!(step(1), other.into_iter().map(Some).collect::<Vec<_>>());
        cube[3] = Some(-0.5);
        let refused = benjamini_hochberg_of_steps(&cube, 2);
        assert_eq!(refused, Err(FdrError::OutOfRange { index: 3 }));
        assert_eq!(benjamini_hochberg_of_steps(&[], 0), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn a_family_is_selected_exactly_if_it_reaches_the_level(
            thousandths in prop::collection::vec(0_u32..=200, 1..6),
        ) {
            let p: Vec<f64> = thousandths.iter().map(|&t| (f64::from(t) + 0.3) / 1000.0).collect();
            let level = level_of_selected(&p, 0.05).unwrap();
            let selected: Vec<bool> =
                benjamini_hochberg(&p).unwrap().iter().map(|&p| p <= 0.05).collect();
            for (&p, selected) in p.iter().zip(selected) {
                prop_assert_eq!(level.is_some_and(|level| p <= level), selected);
            }
        }

        #[test]
        fn adjustment_keeps_order_and_ties_and_never_lowers(
            twentieths in prop::collection::vec(0_u32..=20, 1..60),
        ) {
            let p: Vec<f64> = twentieths.iter().map(|&t| f64::from(t) / 20.0).collect();
            let hochberg = benjamini_hochberg(&p).unwrap();
            let yekutieli = benjamini_yekutieli(&p).unwrap();
            for i in 0..p.len() {
                prop_assert!(p[i] <= hochberg[i] && hochberg[i] <= yekutieli[i]);
                prop_assert!(yekutieli[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || hochberg[i] <= hochberg[j]);
                    prop_assert!(p[i] > p[j] || yekutieli[i] <= yekutieli[j]);
                }
            }
        }
    }
}
