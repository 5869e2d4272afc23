use thiserror::Error;

/// Bands of distance and of time into which pairs of events are sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct KnoxBands {
    same_place_km: Option<f64>,
    space_km: Vec<f64>,
    time_days: Vec<u32>,
}

/// Edges that make no bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidBands {
    /// No band, or edges that do not ascend from above the one before.
    #[error("edges of distance must be finite and ascend from above 0, or above the same place")]
    Space,
    /// No band, or edges that do not ascend from above 0.
    #[error("edges of time must ascend from above 0")]
    Time,
    /// A reach of the same place negative or not finite.
    #[error("the reach of the same place must be finite and at least 0")]
    SamePlace,
}

impl KnoxBands {
    /// Half-open bands `[0, e_1), [e_1, e_2), ...` of distance and of time.
    ///
    /// - `same_place_km`: distances up to this, ends included, are the same place and make a band
    ///   of their own before the others, which then begin above it. `None` leaves them in the
    ///   first band.
    /// - `space_km`: upper edges in km. - `time_days`: upper edges in days; with edges 3 and 8 a
    ///   pair 0, 1 or 2 days apart is in the first band, one 3 to 7 days apart in the second.
    ///
    /// # Errors
    /// No edge, edges that do not ascend, a number that cannot be.
    pub fn new(
        same_place_km: Option<f64>,
        space_km: &[f64],
        time_days: &[u32],
    ) -> Result<Self, InvalidBands> {
        let start = same_place_km.unwrap_or(0.0);
        if !(start.is_finite() && start >= 0.0) {
            return Err(InvalidBands::SamePlace);
        }
        let ascends = space_km.is_sorted_by(|a, b| a < b);
        match (space_km.first(), space_km.last()) {
            (Some(&first), Some(&last)) if ascends && first > start && last.is_finite() => {}
            _ => return Err(InvalidBands::Space),
        }
        let ascends = time_days.is_sorted_by(|a, b| a < b);
        if !ascends || time_days.first().is_none_or(|&first| first == 0) {
            return Err(InvalidBands::Time);
        }
        Ok(Self {
            same_place_km,
            space_km: space_km.to_vec(),
            time_days: time_days.to_vec(),
        })
    }

    /// Number of bands of distance, the same place among them.
    #[must_use]
    pub fn n_space(&self) -> usize {
        self.space_km.len() + usize::from(self.same_place_km.is_some())
    }

    /// Whether the same place is a band of its own, the first.
    pub(super) const fn has_same_place(&self) -> bool {
        self.same_place_km.is_some()
    }

    /// Number of bands of time.
    #[must_use]
    pub fn n_time(&self) -> usize {
        self.time_days.len()
    }

    /// The band of a distance. `None` beyond the last.
    pub(super) fn space(&self, km: f64) -> Option<usize> {
        if self.same_place_km.is_some_and(|reach| km <= reach) {
            return Some(0);
        }
        let band = self.space_km.partition_point(|&edge| edge <= km);
        (band < self.space_km.len()).then(|| band + usize::from(self.same_place_km.is_some()))
    }

    /// The band of a number of days. `None` beyond the last.
    pub(super) fn time(&self, days: u32) -> Option<usize> {
        let band = self.time_days.partition_point(|&edge| edge <= days);
        (band < self.time_days.len()).then_some(band)
    }

    /// Width of the narrowest band of distance in km, the same place apart.
    pub(super) fn narrowest_km(&self) -> f64 {
        let starts = std::iter::once(self.same_place_km.unwrap_or(0.0));
        let starts = starts.chain(self.space_km.iter().copied());
        let widths = self
            .space_km
            .iter()
            .zip(starts)
            .map(|(end, start)| end - start);
        widths.fold(f64::INFINITY, f64::min)
    }

    /// Width of the narrowest band of time in days.
    pub(super) fn narrowest_days(&self) -> f64 {
        let starts = std::iter::once(0).chain(self.time_days.iter().copied());
        let widths = self
            .time_days
            .iter()
            .zip(starts)
            .map(|(end, start)| end - start);
        widths.min().map_or(0.0, f64::from)
    }
}
