use proptest::prelude::*;

use super::*;

fn at(lon: f64, lat: f64) -> Coordinate {
    Coordinate::new(lat, lon).unwrap()
}

fn line(points: &[(f64, f64)]) -> Vec<Coordinate> {
    points.iter().map(|&(lon, lat)| at(lon, lat)).collect()
}

#[test]
fn lines_that_share_a_point_are_one_network_and_those_that_only_cross_are_not() {
    let cross = [
        line(&[(18.0, 7.0), (18.4, 7.0)]),
        line(&[(18.2, 6.9), (18.2, 7.1)]),
    ];
    let [west, south] = [at(18.0, 7.0), at(18.2, 6.9)];
    let ways = |lines: &[Vec<Coordinate>]| {
        let network = Network::new(lines);
        let places = [west, south].map(|place| network.nearest(place, 5.0));
        network.ways(&places, 60.0)
    };
    // Points of the first line are cut 0.0089 degrees apart; the second has one at its middle.
    let own = Network::new(&cross[..1]);
    assert!(own.points.len() > 40, "{}", own.points.len());
    let apart = [cross[0].clone(), line(&[(18.2045, 6.9), (18.2045, 7.1003)])];
    assert!(ways(&apart).is_empty());
    let joined = [
        line(&[(18.0, 7.0), (18.2, 7.0), (18.4, 7.0)]),
        line(&[(18.2, 6.9), (18.2, 7.0)]),
    ];
    let found = ways(&joined);
    assert_eq!(found.len(), 1);
    let due = distance_km(west, at(18.2, 7.0)) + distance_km(south, at(18.2, 7.0));
    assert!(
        (found[0].length_km - due).abs() < 0.1,
        "{} {due}",
        found[0].length_km
    );
    assert_eq!((found[0].from, found[0].to), (0, 1));
    assert_eq!(found[0].lines, [0, 1]);
    assert_eq!(found[0].points[0], west);
}

#[test]
fn a_place_out_of_reach_of_every_line_has_no_way_and_a_long_way_is_left_out() {
    let network = Network::new(&[line(&[(18.0, 7.0), (19.0, 7.0)])]);
    assert_eq!(network.nearest(at(18.5, 7.2), 5.0), None);
    let near = network.nearest(at(18.5, 7.02), 5.0);
    let ends = [
        network.nearest(at(18.0, 7.0), 5.0),
        near,
        network.nearest(at(19.0, 7.0), 5.0),
        None,
    ];
    let pairs = |km: f64| -> Vec<(u32, u32)> {
        network
            .ways(&ends, km)
            .iter()
            .map(|way| (way.from, way.to))
            .collect()
    };
    assert_eq!(pairs(60.0), [(0, 1), (1, 2)]);
    assert_eq!(pairs(120.0), [(0, 1), (0, 2), (1, 2)]);
    assert!(
        Network::new(&[line(&[(18.0, 7.0)])])
            .ways(&[], 1.0)
            .is_empty()
    );
}

proptest! {
    /// On a grid of streets with lengths drawn at random, against Floyd and Warshall.
    #[test]
    fn ways_are_as_short_as_all_ways_by_dynamic_programming(
        shifts in prop::collection::vec((-0.03..0.03, -0.03..0.03), 16),
        cut in prop::collection::btree_set(0_usize..24, 0..8),
    ) {
        let corner = |i: usize| {
            let (x, y): (f64, f64) = shifts[i];
            let (column, row) = (crate::units::real(i % 4), crate::units::real(i / 4));
            at(18.0 + 0.2 * column + x, 7.0 + 0.2 * row + y)
        };
        let mut streets = Vec::new();
        for i in 0..16 {
            if i % 4 < 3 { streets.push([i, i + 1]); }
            if i < 12 { streets.push([i, i + 4]); }
        }
        let streets: Vec<[usize; 2]> =
            streets.into_iter().enumerate().filter(|(k, _)| !cut.contains(k)).map(|(_, s)| s).collect();
        let lines: Vec<Vec<Coordinate>> =
            streets.iter().map(|street| street.map(corner).to_vec()).collect();
        let network = Network::new(&lines);
        let mut shortest = vec![vec![f64::INFINITY; 16]; 16];
        for &[a, b] in &streets {
            let km = distance_km(corner(a), corner(b));
            shortest[a][b] = km;
            shortest[b][a] = km;
        }
        for k in 0..16 { for i in 0..16 { for j in 0..16 {
            shortest[i][j] = shortest[i][j].min(shortest[i][k] + shortest[k][j]);
        } } }
        let places: Vec<Option<u32>> = (0..16).map(|i| network.nearest(corner(i), 0.2)).collect();
        let ways = network.ways(&places, 1_000.0);
        for way in &ways {
            let due = shortest[way.from as usize][way.to as usize];
            // Streets are no great circles, and points are known to 110 m.
            prop_assert!((way.length_km - due).abs() <= 0.01 * due + 0.3, "{way:?} {due}");
        }
        let joined = (0..16).flat_map(|i| (i + 1..16).map(move |j| (i, j)));
        let joined = joined.filter(|&(i, j)| shortest[i][j].is_finite()).count();
        prop_assert_eq!(ways.len(), joined);
    }
}
