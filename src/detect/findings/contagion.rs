//! The events that contagion is looked for among, and the season they are compared with.

use forewarn_models::contagion::{
    History, HistoryError, WhySeasonal, smooth_season, times_of_days,
};
use h3o::{CellIndex, LatLng};

use crate::base::day::Day;

use super::super::Input;
use super::series::Material;

/// Width of the curve by which the season is found: what changes more slowly is season.
const SEASON_DAYS: f64 = 28.0;
/// Mean wait above which contagion cannot be told from such a season.
const LONGEST_WAIT_DAYS: f64 = SEASON_DAYS / 2.0;

/// The latest events known to a day and a cell.
#[derive(Debug)]
pub(super) struct Events {
    /// Position of the cell and day, by day, then cell.
    pub(super) of: Vec<(usize, Day)>,
    /// Whether there were more.
    is_cut: bool,
    /// How far a place may be from the centre of its cell.
    pub(super) precision_km: f64,
}

impl Events {
    pub(super) fn latest(input: &Input<'_>, material: &Material) -> Self {
        let most = input.context.settings.findings.most_events as usize;
        let skipped = material.events.len().saturating_sub(most);
        let cells = input.study_area.grid.cells();
        Self {
            of: material.events[skipped..].to_vec(),
            is_cut: skipped > 0,
            precision_km: cells[0].resolution().edge_length_km(),
        }
    }

    pub(super) fn words(&self) -> String {
        let what = "days on which a cell had a report, known to the day and the cell";
        if self.is_cut {
            format!("the latest {} {what}", self.of.len())
        } else {
            what.to_owned()
        }
    }

    /// Distance of two events' cells by their centres; 0 in the same cell.
    pub(super) fn apart_km(&self, cells: &[CellIndex], i: usize, j: usize) -> f64 {
        cells_apart_km(cells, self.of[i].0, self.of[j].0)
    }

    /// The events in time, before the season that they themselves show: it moves from year to year and
    /// no card knows it to the week, and what it leaves out would be read as contagion.
    pub(super) fn history(&self, material: &Material) -> Result<History, HistoryError> {
        let last = material.week(material.n_weeks - 1).last_day();
        let first = match self.of.first() {
            // What was cut off before its day leaves that day incomplete.
            Some(&(_, day)) if self.is_cut => day,
            _ => material.first_week.first_day(),
        };
        let days: Vec<u32> = self
            .of
            .iter()
            .filter_map(|&(_, day)| u32::try_from(day.0 - first.0).ok())
            .collect();
        let n_days = usize::try_from(last.0 - first.0 + 1).unwrap_or(0);
        let season = smooth_season(&days, n_days, SEASON_DAYS);
        History::new(times_of_days(&days), season)
    }
}

/// Distance of two cells by their centres; 0 for the same.
pub(super) fn cells_apart_km(cells: &[CellIndex], i: usize, j: usize) -> f64 {
    if i == j {
        return 0.0;
    }
    LatLng::from(cells[i]).distance_km(LatLng::from(cells[j]))
}

/// Why no contagion is claimed, in words.
pub(super) fn instead(why: WhySeasonal) -> String {
    match why {
        WhySeasonal::TooFewEvents { got } => {
            format!("no contagion claimed, the season stands: needs 100 events, has {got}")
        }
        WhySeasonal::NoneDetected => {
            "no contagion claimed, the season stands: none can be told from it".to_owned()
        }
        WhySeasonal::Explosive => {
            "no contagion claimed, the season stands: what grows is the background".to_owned()
        }
    }
}

/// Whether what was found is quick enough to be told from the season; else what to say.
pub(super) fn slow(decay_per_day: f64) -> Option<String> {
    let wait_days = 1.0 / decay_per_day;
    (wait_days > LONGEST_WAIT_DAYS).then(|| {
        format!(
            "no contagion claimed, the season stands: what there is takes {wait_days:.0} days, as slow \
             as a season"
        )
    })
}

/// What the background knows.
pub(super) fn background() -> String {
    format!("reports smoothed over days, width {SEASON_DAYS} days")
}
