//! Zones along ways, beside those that spread over an area.

use std::collections::BinaryHeap;

use crate::grid::Neighbours;
use crate::units::{compact, same_length};

use super::{Candidate, GrowError, check};

/// What a way must hold of what the area holds that would be grown instead.
const SHARE: f64 = 0.5;

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grown {
    /// Its cells, ascending.
    pub cells: Vec<u32>,
    /// Position of the way that it lies along; none where it spreads over an area.
    pub way: Option<u32>,
}

/// Parts the seed cells into connected zones as [`grow`](super::grow) does, along ways where what is to be
/// covered lies along one.
///
/// At each start the area is grown that `grow` would, and along each way through the start a run: it takes
/// on, one at a time, the next free seed cell at one of its two ends, that with the higher gain per km2,
/// while its area stays within `max_area_km2`. The run of a way is at best as long as the way, and holds no
/// cell that is no seed: where the way leads on through a cell that is none, it ends. The run is taken for
/// the area where
///
/// ```text
/// cells >= 2,   gain_run / km2_run >= gain_area / km2_area,   gain_run >= gain_area / 2
/// ```
///
/// the gain of a negative cell counting as it stands. Of several runs that with the highest gain is taken;
/// of equals that of the shortest way in cells, then of the first. What is left off the way is parted by
/// later starts.
///
/// - `ways`: chains of cells, each cell touching the next one. A way may pass a cell twice.
/// - the rest as for `grow`, which is this without ways.
///
/// # Errors
/// As for `grow`; a way that leaves the cells or jumps.
///
/// ```
/// use forewarn_models::{grid::Neighbours, zone::grow_along};
/// // A row of three with a fourth cell beside the middle one; the way follows the row.
/// let cells = Neighbours::from_lists(&[vec![1], vec![0, 2, 3], vec![1], vec![1]])?;
/// let zones = grow_along(&cells, &[true; 4], &[5.0, 6.0, 5.0, 1.0], &[1.0; 4], 4.0, &[vec![0, 1, 2]])?;
/// assert_eq!((zones[0].cells.as_slice(), zones[0].way), (&[0, 1, 2][..], Some(0)));
/// assert_eq!((zones[1].cells.as_slice(), zones[1].way), (&[3][..], None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn grow_along(
    neighbours: &Neighbours,
    seeds: &[bool],
    gain: &[f64],
    area_km2: &[f64],
    max_area_km2: f64,
    ways: &[Vec<u32>],
) -> Result<Vec<Grown>, GrowError> {
    same_length(neighbours.n_cells(), seeds.len())?;
    check(neighbours.n_cells(), gain, area_km2, max_area_km2)?;
    if let Some(index) = ways.iter().position(|way| !holds_together(neighbours, way)) {
        return Err(GrowError::Way { index });
    }
    let land = Land {
        neighbours,
        gain,
        area_km2,
        max_area_km2,
    };
    let mut through = vec![Vec::new(); seeds.len()];
    for (index, way) in (0..).zip(ways) {
        for (at, &cell) in way.iter().enumerate() {
            through[cell as usize].push((index, at));
        }
    }
    let mut free = seeds.to_vec();
    let seeds = (0..compact(seeds.len())).filter(|&cell| seeds[cell as usize]);
    let mut starts: Vec<Candidate> = seeds.map(|cell| land.candidate(cell)).collect();
    starts.sort_unstable_by(|a, b| b.cmp(a));
    let mut zones = Vec::new();
    for Candidate { cell: start, .. } in starts {
        if !free[start as usize] {
            continue;
        }
        let area = land.area(start, &free);
        let runs = through[start as usize].iter();
        let runs = runs.map(|&(way, at)| {
            let chain = &ways[way as usize];
            (way, chain.len(), land.run(chain, at, &free))
        });
        let best = runs.filter(|(_, _, run)| land.prefers(run, &area)).max_by(
            |(i, long_i, a), (j, long_j, b)| {
                let by_gain = land.gain(a).total_cmp(&land.gain(b));
                by_gain.then(long_j.cmp(long_i)).then(j.cmp(i))
            },
        );
        let (mut cells, way) = best.map_or((area, None), |(way, _, run)| (run, Some(way)));
        for &cell in &cells {
            free[cell as usize] = false;
        }
        cells.sort_unstable();
        zones.push(Grown { cells, way });
    }
    Ok(zones)
}

fn holds_together(neighbours: &Neighbours, way: &[u32]) -> bool {
    let inside = |cell: &u32| (*cell as usize) < neighbours.n_cells();
    let touch = |&[a, b]: &[u32; 2]| neighbours.of(a as usize).contains(&b);
    way.iter().all(inside) && way.array_windows().all(touch)
}

/// What zones are grown on.
struct Land<'a> {
    neighbours: &'a Neighbours,
    gain: &'a [f64],
    area_km2: &'a [f64],
    max_area_km2: f64,
}

impl Land<'_> {
    fn candidate(&self, cell: u32) -> Candidate {
        Candidate {
            density: self.gain[cell as usize] / self.area_km2[cell as usize] + 0.0,
            cell,
        }
    }

    fn gain(&self, cells: &[u32]) -> f64 {
        cells.iter().map(|&cell| self.gain[cell as usize]).sum()
    }

    fn km2(&self, cells: &[u32]) -> f64 {
        cells.iter().map(|&cell| self.area_km2[cell as usize]).sum()
    }

    /// Cells of a zone that spreads from its start, in the order they are taken on.
    fn area(&self, start: u32, free: &[bool]) -> Vec<u32> {
        let (mut zone, mut area) = (Vec::new(), 0.0);
        let mut seen = std::collections::BTreeSet::from([start]);
        let mut frontier = BinaryHeap::from([self.candidate(start)]);
        while let Some(Candidate { cell, .. }) = frontier.pop() {
            // A cell that does not fit now will not fit later: the zone only grows.
            let larger = area + self.area_km2[cell as usize];
            if zone.is_empty() || larger <= self.max_area_km2 {
                area = larger;
                zone.push(cell);
                let near = self.neighbours.of(cell as usize).iter().copied();
                for other in near.filter(|&other| free[other as usize]) {
                    if seen.insert(other) {
                        frontier.push(self.candidate(other));
                    }
                }
            }
        }
        zone
    }

    /// Cells of a zone along a way, from where the way passes its start.
    fn run(&self, way: &[u32], at: usize, free: &[bool]) -> Vec<u32> {
        let mut run = vec![way[at]];
        let mut area = self.area_km2[way[at] as usize];
        let (mut before, mut after) = (at, at);
        loop {
            // A cell that the way passes again is stepped over.
            while before > 0 && run.contains(&way[before - 1]) {
                before -= 1;
            }
            while after + 1 < way.len() && run.contains(&way[after + 1]) {
                after += 1;
            }
            let ends = [before.checked_sub(1), Some(after + 1)];
            let next = ends.into_iter().flatten().filter_map(|at| way.get(at));
            let fits = |&&cell: &&u32| {
                free[cell as usize] && area + self.area_km2[cell as usize] <= self.max_area_km2
            };
            let Some(next) = next.filter(fits).map(|&cell| self.candidate(cell)).max() else {
                return run;
            };
            area += self.area_km2[next.cell as usize];
            run.push(next.cell);
        }
    }

    /// Whether a run is taken for the area that would be grown instead.
    fn prefers(&self, run: &[u32], area: &[u32]) -> bool {
        let (along, over) = (self.gain(run), self.gain(area));
        // The same cells give the same sums only in the same order: what is equal up to rounding is.
        let density = over / self.km2(area);
        let is_dense = along / self.km2(run) >= density - 1e-12 * density.abs();
        run.len() >= 2 && is_dense && along >= SHARE * over
    }
}
