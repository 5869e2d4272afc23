//! Floor 2: the vocabulary that stages exchange. One table a file, named for its grain.

mod area_weeks;
mod balance;
mod boundaries;
mod cell_steps;
mod cell_weeks;
mod classes;
mod detector_record;
mod effort;
mod expected;
mod gate;
mod incidents;
mod intake;
mod movements;
mod places;
mod rejections;
mod signals;
mod study_area;
mod zones;

pub use area_weeks::{AreaWeekRow, AreaWeekRows, AreaWeekRowsBuilder, AreaWeeks};
pub use balance::Balance;
pub use boundaries::{Area, Boundaries, Level};
pub use cell_steps::CellSteps;
pub use cell_weeks::{CellWeek, CellWeeks, CellWeeksBuilder};
pub use classes::{ClassRow, Classes, ClassesBuilder};
pub use detector_record::DetectorRecord;
pub use effort::{Effort, EffortBuilder, EffortRow};
pub use expected::{Expected, ExpectedBuilder, ExpectedCell};
pub use gate::Gate;
pub use incidents::{Incident, Incidents, IncidentsBuilder, incident_id};
pub use intake::{FileCount, Intake};
pub use movements::{Movement, Movements, MovementsBuilder};
pub use places::{Place, Places};
pub use rejections::{Rejection, Rejections};
pub use signals::{Signal, Signals, SignalsBuilder};
pub use study_area::StudyArea;
pub use zones::{Doubt, Reason, Zone, Zones};
