//! How a source writes its values, and where its records should lie.

use geo::{Coord, Intersects, Rect};

use crate::base::settings::{DateFormat, SourceSettings};

/// How far beyond the mission's own box a record still counts as near it.
const MARGIN_DEG: f64 = 1.0;

/// What a mission says of the values of one source.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Written {
    /// Whether numbers have a decimal comma.
    pub(crate) decimal_comma: bool,
    /// How days are written beside `yyyy-mm-dd`.
    pub(crate) dates: Option<DateFormat>,
    /// The box in which records should lie, where one is known and records from elsewhere are not
    /// to be expected.
    area: Option<Rect<f64>>,
}

impl Written {
    /// As the settings say; `area` is the mission's.
    pub(crate) fn of(settings: &SourceSettings, area: Option<Rect<f64>>) -> Self {
        Self {
            decimal_comma: settings.decimal.as_deref() == Some(","),
            dates: settings.date_format,
            area: area.map(grown),
        }
    }

    /// Whether a place far outside the area would lie inside it with its coordinates exchanged.
    pub(crate) fn seems_swapped(&self, lat_deg: f64, lon_deg: f64) -> bool {
        let holds = |x, y| {
            self.area
                .is_some_and(|area| area.intersects(&Coord { x, y }))
        };
        !holds(lon_deg, lat_deg) && holds(lat_deg, lon_deg)
    }
}

fn grown(area: Rect<f64>) -> Rect<f64> {
    let (min, max) = (area.min(), area.max());
    Rect::new(
        (min.x - MARGIN_DEG, min.y - MARGIN_DEG),
        (max.x + MARGIN_DEG, max.y + MARGIN_DEG),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written() -> Written {
        let area = Rect::new((14.0, 2.0), (28.0, 11.0));
        Written::of(&SourceSettings::default(), Some(area))
    }

    #[test]
    fn only_a_place_that_the_exchange_brings_home_seems_swapped() {
        for (lat_deg, lon_deg, seems) in [
            (6.3, 21.5, false),
            (21.5, 6.3, true),
            (11.9, 28.9, false),
            (48.0, 2.0, false),
            (12.5, 13.5, false),
            (-21.5, 6.3, false),
        ] {
            assert_eq!(
                written().seems_swapped(lat_deg, lon_deg),
                seems,
                "{lat_deg} {lon_deg}"
            );
        }
        assert!(!Written::default().seems_swapped(21.5, 6.3));
    }

    proptest! {
        #[test]
        fn no_place_and_its_mirror_both_seem_swapped(a in -90_f64..90.0, b in -90_f64..90.0) {
            prop_assert!(!(written().seems_swapped(a, b) && written().seems_swapped(b, a)));
        }
    }
}
