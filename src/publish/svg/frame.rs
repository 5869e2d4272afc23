//! From degrees to whole units of the picture: longitude shrunk by the cosine of the middle latitude.

use std::fmt::Write as _;

use geo::{Coord, LineString, MultiPolygon, Simplify};

/// Units of the longer side.
pub(crate) const SIDE: f64 = 10_000.0;

/// Deviations up to so many units are not drawn: a pixel of a large screen.
const DETAIL: f64 = 8.0;

const KM_PER_DEGREE: f64 = 111.195;

/// What the picture shows, with a margin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    west: f64,
    north: f64,
    x_per_degree: f64,
    y_per_degree: f64,
    /// Units from left to right.
    pub width: f64,
    /// Units from top to bottom.
    pub height: f64,
}

impl Frame {
    /// The frame around west, south, east, north.
    pub(crate) fn around([west, south, east, north]: [f64; 4]) -> Self {
        let shrink = f64::midpoint(south, north).to_radians().cos().max(0.01);
        let (wide, high) = ((east - west) * shrink, north - south);
        let margin = 0.03 * wide.max(high).max(0.01);
        let y_per_degree = SIDE / (wide.max(high) + 2.0 * margin);
        Self {
            west: west - margin / shrink,
            north: north + margin,
            x_per_degree: y_per_degree * shrink,
            y_per_degree,
            width: ((wide + 2.0 * margin) * y_per_degree).round(),
            height: ((high + 2.0 * margin) * y_per_degree).round(),
        }
    }

    /// Kilometres of a unit.
    pub(crate) fn km_per_unit(&self) -> f64 {
        KM_PER_DEGREE / self.y_per_degree
    }

    /// Where a place lies.
    pub(crate) fn point(&self, lon_deg: f64, lat_deg: f64) -> Coord<f64> {
        Coord {
            x: ((lon_deg - self.west) * self.x_per_degree).round(),
            y: ((self.north - lat_deg) * self.y_per_degree).round(),
        }
    }

    /// Whether a place is in the picture.
    pub(crate) fn holds(&self, at: Coord<f64>) -> bool {
        (0.0..=self.width).contains(&at.x) && (0.0..=self.height).contains(&at.y)
    }

    fn meets(&self, line: &LineString<f64>) -> bool {
        let start = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        let box_ = line.coords().fold(start, |[w, s, e, n], at| {
            [w.min(at.x), s.min(at.y), e.max(at.x), n.max(at.y)]
        });
        box_[0] <= self.width && box_[1] <= self.height && box_[2] >= 0.0 && box_[3] >= 0.0
    }

    fn project(&self, line: &LineString<f64>) -> LineString<f64> {
        line.coords().map(|at| self.point(at.x, at.y)).collect()
    }

    /// Adds the rings of a shape to a path, corner by corner.
    pub(crate) fn outline(&self, path: &mut String, shape: &MultiPolygon<f64>) {
        for polygon in shape {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                draw(path, &self.project(ring), true);
            }
        }
    }

    /// Adds a line to a path, where it meets the picture, without detail that cannot be seen.
    pub(crate) fn line(&self, path: &mut String, line: &LineString<f64>, closed: bool) {
        let line = self.project(line);
        if self.meets(&line) {
            draw(path, &line.simplify(DETAIL), closed);
        }
    }
}

/// Relative steps in whole units; a point that repeats the last is left out.
fn draw(path: &mut String, line: &LineString<f64>, closed: bool) {
    let n = line.0.len().saturating_sub(usize::from(closed));
    let mut last: Option<Coord<f64>> = None;
    let (mut steps, begun) = (String::new(), path.len());
    for &at in &line.0[..n] {
        match last {
            None => {
                let _ = write!(path, "M{} {}l", at.x, at.y);
            }
            Some(from) if from == at => continue,
            Some(from) => {
                let gap = if steps.is_empty() { "" } else { " " };
                let _ = write!(steps, "{gap}{} {}", at.x - from.x, at.y - from.y);
            }
        }
        last = Some(at);
    }
    if steps.is_empty() {
        path.truncate(begun);
        return;
    }
    path.push_str(&steps.replace(" -", "-"));
    if closed {
        path.push('z');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_keeps_distances_in_both_directions() {
        let frame = Frame::around([17.0, 6.0, 19.0, 8.0]);
        let (a, b) = (frame.point(18.0, 7.0), frame.point(18.0, 7.5));
        let north_km = (a.y - b.y) * frame.km_per_unit();
        let c = frame.point(18.5, 7.0);
        let east_km = (c.x - a.x) * frame.km_per_unit();
        assert!((north_km - 55.6).abs() < 0.1, "{north_km}");
        assert!((east_km - 55.2).abs() < 0.1, "{east_km}");
        assert!(frame.holds(a) && !frame.holds(frame.point(30.0, 7.0)));
        assert!(frame.width <= SIDE && (frame.height - SIDE).abs() <= 1.0);
    }

    #[test]
    fn paths_are_steps_without_repetitions() {
        let line = |points: &[(f64, f64)]| LineString::from(points.to_vec());
        let mut path = String::new();
        let ring = [(1.0, 2.0), (4.0, 2.0), (4.0, 2.0), (4.0, -3.0), (1.0, 2.0)];
        draw(&mut path, &line(&ring), true);
        draw(&mut path, &line(&[(9.0, 9.0), (9.0, 9.0)]), false);
        draw(&mut path, &line(&[]), false);
        assert_eq!(path, "M1 2l3 0 0-5z");
    }
}
