//! Points that stand for a whole area in the hands of someone who knows no better.

use geo::{BoundingRect, Centroid, InteriorPoint, Point};

use super::{Area, Level};

/// One such point.
#[derive(Debug, Clone, PartialEq)]
pub struct Middle {
    /// The area's level.
    pub level: Level,
    /// Its P-code.
    pub pcode: String,
    /// Latitude in degrees north.
    pub lat_deg: f64,
    /// Longitude in degrees east.
    pub lon_deg: f64,
}

/// Of each area its centroid, a point inside it as maps put its label, and the middle of the box around it;
/// the coarsest areas first.
#[derive(Debug, Clone, Default)]
pub struct Middles {
    rows: Vec<Middle>,
}

impl Middles {
    /// The middles of these areas.
    #[must_use]
    pub fn of(areas: &[Area]) -> Self {
        let of_area = |area: &Area| {
            let shape = &area.shape;
            let boxed = shape.bounding_rect().map(|bounds| bounds.center().into());
            let points: [Option<Point>; 3] = [shape.centroid(), shape.interior_point(), boxed];
            points.map(|point| {
                point.map(|point| Middle {
                    level: area.level,
                    pcode: area.pcode.clone(),
                    lat_deg: point.y(),
                    lon_deg: point.x(),
                })
            })
        };
        let mut rows: Vec<Middle> = areas.iter().flat_map(of_area).flatten().collect();
        rows.sort_by(|a, b| (a.level, &a.pcode).cmp(&(b.level, &b.pcode)));
        Self { rows }
    }

    /// The points.
    #[must_use]
    pub fn rows(&self) -> &[Middle] {
        &self.rows
    }
}
