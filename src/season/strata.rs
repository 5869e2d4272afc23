//! Strata: places that share a season, as far as their records say.

use crate::tables::{Level, StudyArea};

/// The first-level area of every cell.
#[derive(Debug, Clone)]
pub(super) struct Strata {
    /// Position of each cell's stratum.
    pub(super) of_cell: Vec<usize>,
    /// Area of each stratum.
    pub(super) km2: Vec<f64>,
}

impl Strata {
    /// Cells by first-level area, in order of their codes; cells of the border whose centre lies in
    /// none, and a mission without such areas, make a last stratum.
    pub(super) fn new(study_area: &StudyArea) -> Self {
        let first_level = study_area.cells_of.iter();
        let areas: Vec<_> = first_level
            .filter(|((level, _), _)| *level == Level(1))
            .map(|(_, cells)| cells)
            .collect();
        let mut of_cell = vec![areas.len(); study_area.grid.len()];
        for (stratum, cells) in areas.iter().enumerate() {
            for &cell in *cells {
                if let Some(position) = study_area.grid.position(cell) {
                    of_cell[position] = stratum;
                }
            }
        }
        let mut km2 = vec![0.0; areas.len() + 1];
        for (&stratum, area_km2) in of_cell.iter().zip(study_area.grid.area_km2()) {
            km2[stratum] += area_km2;
        }
        Self { of_cell, km2 }
    }

    pub(super) fn len(&self) -> usize {
        self.km2.len()
    }
}
