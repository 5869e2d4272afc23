//! The cells a mission looks at.

use std::collections::BTreeMap;

use forewarn_models::grid::Grid;
use h3o::CellIndex;

use super::Level;

/// The study area: every cell whose centre lies in the mission's boundaries, reported on or not.
#[derive(Debug, Clone)]
pub struct StudyArea {
    /// Its cells, their true areas and positions.
    pub grid: Grid,
    /// Of each administrative area, by level and P-code, the cells that stand for it.
    pub cells_of: BTreeMap<(Level, String), Vec<CellIndex>>,
}
