//! Which area a point lies in.

use geo::{BoundingRect, Contains, Coord, Rect};

use super::{Area, Boundaries, Level};

/// Areas with the boxes around them, so that few shapes are asked about a point.
#[derive(Debug)]
pub struct Holding<'a>(Vec<(usize, &'a Area, Rect<f64>)>);

impl<'a> Holding<'a> {
    /// Prepares the answers for a mission.
    #[must_use]
    pub fn new(boundaries: &'a Boundaries) -> Self {
        let areas = boundaries.areas().iter().enumerate();
        let boxed = areas.filter_map(|(i, area)| Some((i, area, area.shape.bounding_rect()?)));
        Self(boxed.collect())
    }

    /// The area of this level that holds a point (longitude first), and its position among the boundaries.
    #[must_use]
    pub fn of(&self, point: Coord<f64>, level: Level) -> Option<(usize, &'a Area)> {
        let near = self
            .0
            .iter()
            .filter(|(_, area, bounds)| area.level == level && bounds.contains(&point));
        let mut holding = near.filter(|(_, area, _)| area.shape.contains(&point));
        holding.next().map(|&(i, area, _)| (i, area))
    }
}
