//! Where a row of rain lies.

use std::borrow::Cow;

use forewarn_models::units::priogrid_corners;
use geo::{Contains, Intersects, Rect, coord};
use h3o::{CellIndex, LatLng};

use crate::base::code::Footprint;

use super::super::pcodes::{CODE, is_pcode};
use crate::sources::reader::{Class, Column, Fault, Row};

/// How far from the mission's box the centre of an H3 cell may lie and still be of use.
const MARGIN_DEG: f64 = 0.5;

/// Where it rained.
pub(super) enum Place<'a> {
    Area(Cow<'a, str>),
    Hex(CellIndex),
    PrioGrid(u32),
}

/// The place in a cell.
pub(super) fn place<'a>(row: &'a Row<'_>, what: Footprint, at: usize) -> Result<Place<'a>, Fault> {
    let fault = |class, expected| Fault::new(Column::At(at), class, expected);
    match what {
        Footprint::PrioGrid => {
            let expected = "a PRIO-GRID id, 1..=259200";
            let id = row.whole(at, expected)?;
            let id = id.ok_or(fault(Class::Missing, expected))?;
            let known = u32::try_from(id)
                .ok()
                .filter(|&id| priogrid_corners(id).is_some());
            let id = known.ok_or(fault(Class::OutOfRange, expected))?;
            Ok(Place::PrioGrid(id))
        }
        Footprint::Hex => {
            let cell = row.text(at)?.parse().ok();
            let expected = "an H3 cell in hexadecimal";
            Ok(Place::Hex(cell.ok_or(fault(Class::NotAValue, expected))?))
        }
        Footprint::Area => {
            let code = row.text(at)?;
            if is_pcode(&code) {
                Ok(Place::Area(code))
            } else {
                Err(fault(Class::NotAValue, CODE))
            }
        }
    }
}

impl Place<'_> {
    /// Whether it lies in or around a box. Where an administrative area lies its P-code does not say:
    /// it is of use.
    pub(super) fn is_near(&self, area: Rect<f64>) -> bool {
        match *self {
            Place::Area(_) => true,
            Place::Hex(cell) => {
                let centre = LatLng::from(cell);
                let margin = coord! { x: MARGIN_DEG, y: MARGIN_DEG };
                let around = Rect::new(area.min() - margin, area.max() + margin);
                around.contains(&coord! { x: centre.lng(), y: centre.lat() })
            }
            Place::PrioGrid(id) => {
                priogrid_corners(id).is_some_and(|[(south, west), (north, east)]| {
                    area.intersects(&Rect::new((west, south), (east, north)))
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_near_a_box_that_it_touches() {
        let area = Rect::new((18.2, 7.2), (19.0, 8.0));
        // 18.0..18.5 east, 7.0..7.5 north.
        let own = 140_077;
        assert!(Place::PrioGrid(own).is_near(area));
        for outside in [own - 1, own - 720, own + 3, own + 3 * 720] {
            assert!(!Place::PrioGrid(outside).is_near(area), "{outside}");
        }
    }
}
