use thiserror::Error;

/// When a running total passed a threshold, as far as counts with gaps can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crossing {
    /// After the last period of one position, none where it may have been before the first, and by the end of
    /// another.
    Seen {
        /// Last period by which it surely had not.
        after: Option<usize>,
        /// First period by which it surely had.
        by: usize,
    },
    /// Surely not by the end of this period.
    NotYet {
        /// The last such period.
        at: usize,
    },
    /// It may have been before the first period, or has not yet been.
    Unknown,
}

/// Where no total can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CrossingError {
    /// Not finite, or not positive.
    #[error("a threshold must be above 0")]
    Threshold,
    /// Not finite, or negative, or more at least than at most.
    #[error("bounds {index} must be finite, not negative, and in order")]
    Bounds {
        /// Position in the list.
        index: usize,
    },
}

/// The least and the most that may have passed in every period.
///
/// A period in which nobody counted is unknown, not zero: at least nothing passed, and at most as much as in the
/// busier of the counted periods before and after it. Before the first count or after the last there is one such
/// period; where nothing was counted at all, nothing can be said.
///
/// Any unit; counts that are not finite or negative are taken as not counted.
///
/// ```
/// use forewarn_models::season::amounts;
/// let most: Vec<f64> = amounts(&[Some(2.0), None, Some(5.0)])?.iter().map(|(_, most)| *most).collect();
/// assert_eq!(most, [2.0, 5.0, 5.0]);
/// # Some(())
/// ```
#[must_use]
pub fn amounts(counts: &[Option<f64>]) -> Option<Vec<(f64, f64)>> {
    let counted = |count: &Option<f64>| count.filter(|count| count.is_finite() && *count >= 0.0);
    let counts: Vec<Option<f64>> = counts.iter().map(counted).collect();
    if counts.iter().all(Option::is_none) {
        return None;
    }
    let mut before = None;
    let mut most: Vec<f64> = Vec::with_capacity(counts.len());
    for count in &counts {
        before = count.or(before);
        most.push(before.unwrap_or(0.0));
    }
    let mut after = None;
    for (count, most) in counts.iter().zip(&mut most).rev() {
        after = count.or(after);
        if count.is_none() {
            *most = most.max(after.unwrap_or(0.0));
        }
    }
    let least = counts.iter().map(|count| count.unwrap_or(0.0));
    Some(least.zip(most).collect())
}

/// The period in which the running total passes a threshold, from the least and the most of every period.
///
/// It has surely passed where the sum of the least has, and surely not where that of the most has not.
///
/// # Errors
/// [`CrossingError`]: a threshold that is not positive, bounds that are none.
///
/// ```
/// use forewarn_models::season::{Crossing, crossing};
/// let seen = crossing(&[(1.0, 1.0), (0.0, 4.0), (5.0, 5.0)], 4.0)?;
/// assert_eq!(seen, Crossing::Seen { after: Some(0), by: 2 });
/// # Ok::<(), forewarn_models::season::CrossingError>(())
/// ```
pub fn crossing(amounts: &[(f64, f64)], threshold: f64) -> Result<Crossing, CrossingError> {
    if !(threshold.is_finite() && threshold > 0.0) {
        return Err(CrossingError::Threshold);
    }
    let valid = |&(least, most): &(f64, f64)| least >= 0.0 && least <= most && most.is_finite();
    if let Some(index) = amounts.iter().position(|bounds| !valid(bounds)) {
        return Err(CrossingError::Bounds { index });
    }
    let passes = |of: fn(&(f64, f64)) -> f64| {
        let mut sum = 0.0;
        amounts.iter().position(|bounds| {
            sum += of(bounds);
            sum >= threshold
        })
    };
    let (surely, maybe) = (passes(|bounds| bounds.0), passes(|bounds| bounds.1));
    Ok(match (maybe, surely) {
        (Some(maybe), Some(by)) => Crossing::Seen {
            after: maybe.checked_sub(1),
            by,
        },
        (maybe, _) => match maybe.unwrap_or(amounts.len()).checked_sub(1) {
            Some(at) => Crossing::NotYet { at },
            None => Crossing::Unknown,
        },
    })
}
