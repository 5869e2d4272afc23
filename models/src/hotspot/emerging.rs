use self::history::{History, Side};
use crate::trend::Direction;

mod cells;
mod class;
mod history;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod worlds;

pub use cells::{EmergingError, EmergingParams, TrendTest, emerging_classes};
pub use class::{Compat, EmergingClass, Pattern, Spot};

/// The rows of the table, top to bottom.
const TABLE: [Pattern; 8] = [
    Pattern::Intensifying,
    Pattern::Diminishing,
    Pattern::Persistent,
    Pattern::Oscillating,
    Pattern::New,
    Pattern::Consecutive,
    Pattern::Sporadic,
    Pattern::Historical,
];

/// The class of one cell by its spots and the direction of its scores.
///
/// With `H` the steps that are hot, `C` those that are cold, `T` the final step, `h` the share of
/// `H` among the known steps and `r` the length of the run of `H` that ends at `T`, the first row
/// that holds decides. Each row is read for hot spots and, with `H` and `C` exchanged and the trend
/// turned, for cold ones; no row can hold for both.
///
/// ```text
/// Intensifying   T in H, h >= 0.9, the trend is up
/// Diminishing    T in H, h >= 0.9, the trend is down
/// Persistent     T in H, h >= 0.9
/// Oscillating    T in H, some C
/// New            T in H, #H = 1
/// Consecutive    T in H, r = #H
/// Sporadic       T in H, no C           (legacy: some H, h < 0.9, no C)
/// Historical     T not in H, h >= 0.9
/// ```
///
/// Current wording asks for two bins or more of a consecutive spot, older wording for one; a single
/// bin is New by the row above either way.
///
/// - `spots`: one per step, `None` where not known. What is not known counts nowhere; it neither
///   breaks a run nor lengthens it.
/// - `trend`: asked for, at most once, by cells that are nearly always hot or nearly always cold.
///   `None` where it is undefined.
///
/// `None` where the final step is not known, or the trend is needed and undefined.
///
/// # References
/// Esri, *How Emerging Hot Spot Analysis works*, for the classes; it gives no order of precedence.
/// Here a cold history goes before New, and the final step decides between Persistent and
/// Historical.
///
/// ```
/// use forewarn_models::hotspot::{Compat, EmergingClass, Pattern, Spot, emerging_class};
/// use forewarn_models::trend::Direction;
/// let spots = [Spot::Plain, Spot::Plain, Spot::Hot, Spot::Hot].map(Some);
/// let class = emerging_class(&spots, || Some(Direction::Up), Compat::Esri2024);
/// assert_eq!(class, Some(EmergingClass::Hot(Pattern::Consecutive)));
/// ```
#[must_use]
pub fn emerging_class(
    spots: &[Option<Spot>],
    trend: impl FnOnce() -> Option<Direction>,
    compat: Compat,
) -> Option<EmergingClass> {
    let history = History::of(spots)?;
    let direction = if history.needs_trend() {
        trend()?
    } else {
        Direction::Neither
    };
    let (hot, cold) = (history.hot(direction), history.cold(direction));
    let row = |pattern: Pattern| {
        if holds(pattern, &hot, compat) {
            Some(EmergingClass::Hot(pattern))
        } else {
            holds(pattern, &cold, compat).then_some(EmergingClass::Cold(pattern))
        }
    };
    Some(
        TABLE
            .into_iter()
            .find_map(row)
            .unwrap_or(EmergingClass::NoPattern),
    )
}

/// Whether a row of the table holds where none above it does.
fn holds(pattern: Pattern, side: &Side, compat: Compat) -> bool {
    let always = side.ends && side.nearly_always;
    match pattern {
        Pattern::Intensifying => always && side.trend == Direction::Up,
        Pattern::Diminishing => always && side.trend == Direction::Down,
        Pattern::Persistent => always,
        Pattern::Oscillating => side.ends && side.opposite > 0,
        Pattern::New => side.ends && side.own == 1,
        Pattern::Consecutive => side.ends && side.run == side.own,
        Pattern::Sporadic => match compat {
            Compat::Esri2024 => side.ends && side.opposite == 0,
            Compat::EsriLegacy => side.own > 0 && !side.nearly_always && side.opposite == 0,
        },
        Pattern::Historical => !side.ends && side.nearly_always,
    }
}
