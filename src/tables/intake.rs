//! What all sources together fill in one reading of the inputs.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::{
    Area, BasesBuilder, CommunitiesBuilder, DisplacementBuilder, DisplacementEventsBuilder,
    EffortBuilder, FoodSecurityBuilder, Incidents, IncidentsBuilder, Line, Middles,
    MovementsBuilder, ObservationsBuilder, Place, PopulationBuilder, RainBuilder, Rejection,
    ServicesBuilder, SessionsBuilder, VisitsBuilder,
};

/// Incidents that are handed on together.
const PIECE_ROWS: usize = 1 << 18;

/// Everything read from the inputs, still growing.
#[derive(Debug, Default)]
pub struct Intake {
    /// Reported incidents.
    pub incidents: IncidentsBuilder,
    /// Herd movements.
    pub movements: MovementsBuilder,
    /// Patrols, sessions and visits.
    pub effort: EffortBuilder,
    /// Displaced persons present, per area and period.
    pub displacement: DisplacementBuilder,
    /// Reported displacements, per event and point.
    pub displacement_events: DisplacementEventsBuilder,
    /// Food security, per named area and period.
    pub food_security: FoodSecurityBuilder,
    /// Population, per area.
    pub population: PopulationBuilder,
    /// Rain, per place and period.
    pub rain: RainBuilder,
    /// Named places.
    pub places: Vec<Place>,
    /// Administrative areas.
    pub areas: Vec<Area>,
    /// Services that people can turn to.
    pub services: ServicesBuilder,
    /// Communities that outreach may go to.
    pub communities: CommunitiesBuilder,
    /// Outreach sessions, each among the effort too.
    pub sessions: SessionsBuilder,
    /// Bases.
    pub bases: BasesBuilder,
    /// Corridors, roads, paths and rivers.
    pub lines: Vec<Line>,
    /// Cells and days of patrols' tracks.
    pub visits: VisitsBuilder,
    /// Indicators that the mission observes itself.
    pub observations: ObservationsBuilder,
    /// Rows not taken.
    pub rejections: Vec<Rejection>,
    /// One entry per file read.
    pub files: Vec<FileCount>,
    /// Records that their source has taken back.
    pub withdrawals: Vec<Withdrawal>,
    /// What a reader should know of the inputs; no content of a row.
    pub notes: Vec<String>,
    /// Who takes incidents piece by piece; without anyone they all stay here.
    pub onward: Option<SyncSender<Piece>>,
    /// Middles of the areas, once incidents are handed on: areas are read before all others.
    pub middles: Option<Arc<Middles>>,
}

/// Some of the incidents, and the records taken back so far.
#[derive(Debug)]
pub struct Piece {
    /// Incidents.
    pub incidents: Incidents,
    /// Records that their source has taken back.
    pub withdrawals: Vec<Withdrawal>,
    /// Middles of the mission's areas.
    pub middles: Arc<Middles>,
}

impl Intake {
    /// Hands incidents on where there are many and someone takes them: memory then does not grow with the files.
    pub fn hand_on(&mut self) {
        if self.incidents.len() >= PIECE_ROWS && self.onward.is_some() {
            self.hand_on_all();
        }
    }

    /// Hands on what is left.
    pub fn hand_on_all(&mut self) {
        if let Some(onward) = &self.onward {
            let middles = || Arc::new(Middles::of(&self.areas));
            let middles = Arc::clone(self.middles.get_or_insert_with(middles));
            // Whoever stopped taking has stopped the night, and says why.
            let _ = onward.send(Piece {
                incidents: std::mem::take(&mut self.incidents).finish(),
                withdrawals: std::mem::take(&mut self.withdrawals),
                middles,
            });
        }
    }
}

/// A record that its source has taken back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withdrawal {
    /// Registered name of the source that told the record.
    pub source: String,
    /// The source's own id of it.
    pub source_id: String,
}

/// What became of one file's rows: `rows_read = rows_taken + rows_left_aside + rows_rejected`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct FileCount {
    /// The source's registered name.
    pub source: String,
    /// File name, without its folder.
    pub file: String,
    /// BLAKE3 of the file.
    pub digest: String,
    /// Data rows found (header and tag rows are not data).
    pub rows_read: u64,
    /// Rows taken.
    pub rows_taken: u64,
    /// Rows that are in order and not needed: other age bands, places far from the mission.
    pub rows_left_aside: u64,
    /// Rows rejected.
    pub rows_rejected: u64,
    /// Free-text and other columns of the file that were left aside, by name.
    pub columns_dropped: Vec<String>,
}
