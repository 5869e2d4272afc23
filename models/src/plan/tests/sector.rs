//! Invented sectors.

use rand::Rng;
use rand_chacha::ChaCha20Rng;

use crate::grid::{Grid, Neighbours};
use crate::plan::{Legs, Options, Tour, Unit, tours};
use crate::testing::disk;
use crate::units::{Coordinate, Purpose, Seed, distance_km};

/// One sector: cells that are stops at once, each covering itself and half of those beside it.
pub(super) struct Sector {
    pub(super) value: Vec<f64>,
    pub(super) units: Vec<Unit>,
    pub(super) tours: Vec<Tour>,
    /// Of each base and stop the hours there.
    pub(super) from_base: Vec<Vec<Option<f64>>>,
    pub(super) near: Neighbours,
    pub(super) stay: Vec<f64>,
    pub(super) places: Vec<Coordinate>,
    pub(super) patrol_hours: f64,
}

/// What a sector is drawn from.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) rings: u32,
    pub(super) bases: usize,
    pub(super) patrols: u32,
    pub(super) most_stops: usize,
}

pub(super) const KM_H: f64 = 20.0;

pub(super) fn hours(a: Coordinate, b: Coordinate) -> f64 {
    distance_km(a, b) * 1.4 / KM_H
}

impl Sector {
    pub(super) fn drawn(number: u64, size: Size) -> Self {
        let mut rng = Seed(7).stream(Purpose::PatrolPlan, number);
        let grid = Grid::new(disk(size.rings)).unwrap();
        let near = Neighbours::ring(&grid, 1);
        let places: Vec<Coordinate> = grid
            .cells()
            .iter()
            .map(|&cell| h3o::LatLng::from(cell))
            .map(|at| Coordinate::new(at.lat(), at.lng()).unwrap())
            .collect();
        // Risk that is high in a few places and falls off around them, as posterior means do.
        let centres: Vec<(Coordinate, f64)> = (0..size.rings + 2)
            .map(|_| (pick(&places, &mut rng), rng.random_range(0.5..3.0)))
            .collect();
        let value = places.iter().map(|&at| {
            let peaks = centres.iter();
            let sum = peaks.map(|&(c, high)| high * (-distance_km(at, c) / 25.0).exp());
            0.05 * rng.random::<f64>() + sum.sum::<f64>()
        });
        let value: Vec<f64> = value.collect();
        let closed: Vec<bool> = places.iter().map(|_| rng.random::<f64>() < 0.15).collect();
        let stay: Vec<f64> = places.iter().map(|_| rng.random_range(0.5..2.0)).collect();
        let patrol_hours = rng.random_range(5.0..11.0);
        let mut sector = Self {
            value,
            units: Vec::new(),
            tours: Vec::new(),
            from_base: Vec::new(),
            near,
            stay,
            places,
            patrol_hours,
        };
        for unit in 0..size.bases {
            sector.add_base(unit, size, &closed, &mut rng);
        }
        sector
    }

    fn add_base(&mut self, unit: usize, size: Size, closed: &[bool], rng: &mut ChaCha20Rng) {
        let base = pick(&self.places, rng);
        let range_km = rng.random_range(25.0..70.0);
        let from_base: Vec<Option<f64>> = (self.places.iter().zip(closed))
            .map(|(&at, &closed)| {
                let km = 1.4 * distance_km(base, at);
                (!closed && km <= range_km).then_some(km / KM_H)
            })
            .collect();
        let places = &self.places;
        let legs = Legs {
            from_base: &from_base,
            between: &|a, b| Some(hours(places[a as usize], places[b as usize])),
            stay: &self.stay,
            near: &self.near,
            hours: self.patrol_hours,
            most_stops: size.most_stops,
        };
        let new = tours(&legs).into_iter().map(|(stops, hours)| Tour {
            unit: u32::try_from(unit).unwrap(),
            hours,
            covers: covers(&stops, &self.near),
            stops,
        });
        self.tours.extend(new);
        self.units.push(Unit {
            patrols: size.patrols,
            hours: f64::from(size.patrols) * self.patrol_hours * rng.random_range(0.6..1.0),
        });
        self.from_base.push(from_base);
    }

    pub(super) fn options(&self) -> Options<'_> {
        Options {
            value: &self.value,
            n_stops: self.value.len(),
            units: &self.units,
            tours: &self.tours,
        }
    }
}

fn pick(places: &[Coordinate], rng: &mut ChaCha20Rng) -> Coordinate {
    places[rng.random_range(0..places.len())]
}

fn covers(stops: &[u32], near: &Neighbours) -> Vec<(u32, f64)> {
    let mut covers = std::collections::BTreeMap::new();
    for &stop in stops {
        *covers.entry(stop).or_insert(0.0) += 1.0;
        for &beside in near.of(stop as usize) {
            *covers.entry(beside).or_insert(0.0) += 0.5;
        }
    }
    let capped = covers.into_iter();
    capped
        .map(|(cell, share)| (cell, f64::min(share, 1.0)))
        .collect()
}
