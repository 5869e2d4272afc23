//! How the window's records were placed, again and again.

/// What stands behind the stability of zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct PlacementRecord {
    /// Placements drawn.
    pub draws: u16,
    /// Records of the window known to one cell and one step: they stand still.
    pub records_certain: u64,
    /// Records that are not.
    pub records_uncertain: u64,
    /// Where the random numbers come from.
    pub engine: &'static str,
    /// By what a neighbourhood counts as hot under a placement.
    pub judged_by: &'static str,
}

impl PlacementRecord {
    /// Each of so many draws places records whole, one by one, at a cell by area and at a step by days.
    #[must_use]
    pub fn new(draws: u16, window: &forewarn_models::rank::Placements) -> Self {
        Self {
            draws,
            records_certain: window.n_certain(),
            records_uncertain: window.n_uncertain(),
            engine: "ChaCha20, one stream per place, precision and days, at word 2^32 r for placement r",
            judged_by: "the night's own thresholds: z of Gi*, p of surge, score of the scan; no new null",
        }
    }
}
