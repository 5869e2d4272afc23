use h3o::CellIndex;
use thiserror::Error;

use self::rims::{ABSENT, Rim, Rims};

mod levels;
mod rims;
#[cfg(test)]
mod tests;

/// Cells that have no outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OutlineError {
    /// Cells of more than one resolution.
    #[error("an outline is of cells of one resolution")]
    MixedResolution,
    /// A cell that is listed twice.
    #[error("an outline is of distinct cells")]
    Repeated,
}

/// A ring of corners, longitude and latitude in degrees; the last is followed by the first.
pub type Ring = Vec<[f64; 2]>;

/// One connected part of a set of cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Around the part, counterclockwise.
    pub exterior: Ring,
    /// Around what is missing within, clockwise.
    pub holes: Vec<Ring>,
}

/// The outline of a set of cells: its connected parts, in the order of their lowest cells.
///
/// Edges between two cells of the set cancel; what is left is followed from cell to cell, the set on
/// the left. Cells that touch at a side are connected; three cells meet at every corner, so no ring
/// meets itself. Corners are those of the cells, with the points that a side has where it crosses an
/// edge of the icosahedron.
///
/// A parent cell all of whose children are in the set, and all of whose neighbours are such parents,
/// has nothing of the outline within: those are passed over with all they hold, so that time is
/// that of sorting and grouping the cells, and of looking closely at those near the outline.
///
/// A ring across the 180th meridian jumps by 360 degrees. Around a pole a ring has no inside in
/// degrees; of the rings of a part with no counterclockwise one the largest is the exterior. The
/// whole sphere has no outline.
///
/// # Errors
/// A cell listed twice, or cells of more than one resolution.
///
/// ```
/// use forewarn_models::grid::outline;
/// let middle = h3o::LatLng::new(7.3, 18.3)?.to_cell(h3o::Resolution::Five);
/// let around: Vec<_> = middle.grid_ring_fast(1).flatten().collect();
/// let parts = outline(&around)?;
/// // Six cells around a hole of six corners.
/// assert_eq!((parts.len(), parts[0].exterior.len()), (1, 18));
/// assert_eq!(parts[0].holes[0].len(), 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn outline(cells: &[CellIndex]) -> Result<Vec<Part>, OutlineError> {
    let mut cells = cells.to_vec();
    cells.sort_unstable();
    if cells.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(OutlineError::Repeated);
    }
    if cells
        .iter()
        .any(|cell| cell.resolution() != cells[0].resolution())
    {
        return Err(OutlineError::MixedResolution);
    }
    let mut rims = Rims::of(cells);
    let mut parts: Vec<Rings> = Vec::new();
    let mut part_of = vec![ABSENT; rims.n_nodes()];
    for start in 0..rims.list.len() {
        for side in 0..rims.list[start].sides {
            if rims.list[start].is_open(side) {
                let ring = followed(&mut rims, start, side);
                let part = &mut part_of[rims.component(start)];
                if *part == ABSENT {
                    *part = crate::units::compact(parts.len());
                    parts.push(Rings::default());
                }
                parts[*part as usize].add(ring);
            }
        }
    }
    Ok(parts.into_iter().map(Rings::part).collect())
}

/// Follows the outline from a side of a cell until it is there again, and closes what it passes.
fn followed(rims: &mut Rims, start: usize, side: usize) -> Ring {
    let mut ring = Vec::new();
    let (mut at, mut side) = (start, side);
    loop {
        let rim = &mut rims.list[at];
        if !rim.is_open(side) {
            return ring;
        }
        rim.close(side);
        corners(rim, side, &mut ring);
        let next = (side + 1) % rim.sides;
        let beside = rim.near[next];
        if beside == ABSENT {
            side = next;
        } else {
            // Around the corner, on the side of the cell beside that follows the one towards this.
            let from = rim.position;
            at = rims.at[beside as usize] as usize;
            let other = &rims.list[at];
            let towards = other.near.iter().position(|&near| near == from);
            side = towards.map_or(0, |towards| (towards + 1) % other.sides);
        }
    }
}

/// The corners of a side but its last.
fn corners(rim: &Rim, side: usize, ring: &mut Ring) {
    if let Some(edge) = rim.edge(side) {
        let side = edge.boundary();
        let corners = side.iter().take(side.len() - 1);
        ring.extend(corners.map(|corner| [corner.lng(), corner.lat()]));
    }
}

/// The rings of a part, each with the area that it goes around counterclockwise, in square degrees.
#[derive(Default)]
struct Rings(Vec<(f64, Ring)>);

impl Rings {
    fn add(&mut self, ring: Ring) {
        self.0.push((area(&ring), ring));
    }

    fn part(mut self) -> Part {
        let areas = || self.0.iter().map(|&(area, _)| area).enumerate();
        let largest = areas().max_by(|a, b| a.1.total_cmp(&b.1));
        let around_a_pole = || areas().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        let outer = largest
            .filter(|&(_, area)| area > 0.0)
            .or_else(around_a_pole);
        let Some((outer, _)) = outer else {
            return Part::default();
        };
        let (_, exterior) = self.0.remove(outer);
        let holes = self.0.into_iter().map(|(_, ring)| ring).collect();
        Part { exterior, holes }
    }
}

/// The area within a ring, above zero where it is counterclockwise; steps across the 180th meridian
/// are taken the short way.
fn area(ring: &Ring) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let mut lon = 0.0;
    let mut twice = 0.0;
    for (&[from_lon, from_lat], &[to_lon, to_lat]) in ring.iter().zip(next) {
        let step = (to_lon - from_lon + 540.0).rem_euclid(360.0) - 180.0;
        // Latitudes from the first corner on, so that little is lost.
        let (low, high) = (from_lat - ring[0][1], to_lat - ring[0][1]);
        twice += lon * high - (lon + step) * low;
        lon += step;
    }
    twice / 2.0
}
