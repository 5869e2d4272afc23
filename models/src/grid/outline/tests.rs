use h3o::{Boundary, Resolution};
use proptest::prelude::*;

use super::*;
use crate::grid::{Grid, Neighbours, components};
use crate::testing::{close, disk};

/// Holds the outline of a set against what asking every cell tells: connected parts, sides that are
/// left, and the area of all cells, in square degrees.
fn check(cells: &[CellIndex]) {
    let parts = outline(cells).unwrap();
    let grid = Grid::new(cells.to_vec()).unwrap();
    let pieces = components(&Neighbours::ring(&grid, 1), &vec![true; cells.len()]).unwrap();
    assert_eq!(parts.len(), pieces.len());
    let beside = |cell: &CellIndex| {
        cell.edges()
            .filter(|edge| grid.position(edge.destination()).is_none())
    };
    let sides: usize = cells
        .iter()
        .flat_map(beside)
        .map(|edge| edge.boundary().len() - 1)
        .sum();
    let rings = || {
        parts
            .iter()
            .flat_map(|part| part.holes.iter().chain([&part.exterior]))
    };
    assert_eq!(rings().map(Vec::len).sum::<usize>(), sides);
    let corners = |boundary: Boundary| boundary.iter().map(|at| [at.lng(), at.lat()]).collect();
    let whole: f64 = cells
        .iter()
        .map(|cell| area(&corners(cell.boundary())))
        .sum();
    close(rings().map(area).sum(), whole, 1e-9);
    for (part, piece) in parts.iter().zip(pieces) {
        let piece: f64 = piece
            .iter()
            .map(|&cell| area(&corners(grid.cells()[cell as usize].boundary())))
            .sum();
        let holes: f64 = part.holes.iter().map(area).sum();
        assert!(area(&part.exterior) > 0.0 && part.holes.iter().all(|hole| area(hole) < 0.0));
        close(area(&part.exterior) + holes, piece, 1e-9);
    }
}

/// Those cells of a list that chance keeps.
fn kept(cells: &[CellIndex], keep: &[bool]) -> Vec<CellIndex> {
    let pairs = cells.iter().zip(keep.iter().cycle());
    pairs
        .filter(|&(_, &keep)| keep)
        .map(|(&cell, _)| cell)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_side_left_is_in_one_ring(
        keep in prop::collection::vec(prop::bool::weighted(0.7), 217),
        fine in prop::collection::vec(prop::bool::weighted(0.97), 1_000..1_003),
    ) {
        let cells = kept(&disk(8), &keep);
        prop_assume!(!cells.is_empty());
        check(&cells);
        // Whole families at two levels, and some with a cell missing.
        let finer = cells.iter().flat_map(|cell| cell.children(Resolution::Seven));
        let finer: Vec<_> = finer.collect();
        check(&finer);
        check(&kept(&finer, &fine));
    }

    #[test]
    fn a_pentagon_is_a_cell_like_others(
        base in 0..12_usize,
        resolution in prop::sample::select(vec![Resolution::Two, Resolution::Three]),
        keep in prop::collection::vec(prop::bool::weighted(0.8), 31..37),
    ) {
        let pentagon = CellIndex::base_cells().filter(|cell| cell.is_pentagon()).nth(base).unwrap();
        let around = pentagon.center_child(resolution).unwrap().grid_disk::<Vec<_>>(4);
        check(&around);
        check(&kept(&around, &keep));
        let finer: Vec<_> = around.iter().flat_map(|cell| cell.children(Resolution::Four)).collect();
        check(&finer);
    }
}

#[test]
fn the_date_line_is_a_place_like_others() {
    let there = h3o::LatLng::new(-17.0, 179.99)
        .unwrap()
        .to_cell(Resolution::Four);
    check(&there.grid_disk::<Vec<_>>(4));
    check(
        &there
            .grid_ring_fast(3)
            .map(Option::unwrap)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_pole_has_one_ring_and_the_sphere_none() {
    let pole = h3o::LatLng::new(90.0, 0.0)
        .unwrap()
        .to_cell(Resolution::Three);
    let parts = outline(&pole.grid_disk::<Vec<_>>(3)).unwrap();
    assert_eq!((parts.len(), parts[0].holes.len()), (1, 0));
    let sphere: Vec<_> = CellIndex::base_cells().collect();
    assert_eq!(outline(&sphere), Ok(Vec::new()));
    assert_eq!(outline(&[]), Ok(Vec::new()));
}

#[test]
fn cells_listed_twice_or_of_two_resolutions_are_refused() {
    let cell = disk(0)[0];
    assert_eq!(outline(&[cell, cell]), Err(OutlineError::Repeated));
    let parent = cell.parent(Resolution::Four).unwrap();
    assert_eq!(outline(&[cell, parent]), Err(OutlineError::MixedResolution));
}
