//! Where and when incidents are known to be.

use forewarn_models::rank::Placements;

use super::{AreaWeeks, CellWeeks};

/// Every placed incident once: by cell and week, or, known no finer, by area and week.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Known finer than to an area.
    pub cell_weeks: CellWeeks,
    /// Known to an area only.
    pub area_weeks: AreaWeeks,
    /// Those of the detection window as they are known, to be placed whole again and again.
    pub window: Placements,
}
