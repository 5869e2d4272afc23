//! The events that contagion is looked for among, and the season they are compared with.

use forewarn_models::contagion::{History, HistoryError, WhySeasonal, times_of_days};
use h3o::{CellIndex, LatLng};

use crate::base::day::Day;

use super::super::Input;
use super::series::Material;

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

    /// The events in time, and the rate of each day that phase and year lead one to expect: a season or
    /// a year with more would else be read as contagion.
    pub(super) fn history(
        &self,
        input: &Input<'_>,
        material: &Material,
    ) -> Result<History, HistoryError> {
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
        let season = season(input, (first, last), &days);
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

/// Of each day: events of its phase over the days of the phase, times those of its year over the mean.
fn season(input: &Input<'_>, (first, last): (Day, Day), days: &[u32]) -> Vec<f64> {
    let n_days = usize::try_from(last.0 - first.0 + 1).unwrap_or(0);
    let day = |at: usize| Day(first.0 + i32::try_from(at).unwrap_or(0));
    let phase = |at: usize| input.phases.phase(day(at).week()).unwrap_or(0);
    // Years are counted back from the end, so that the last one is whole.
    let year = |at: usize| (n_days - 1 - at) / 365;
    let level = |part: &dyn Fn(usize) -> usize| {
        let n = (0..n_days).map(part).max().map_or(0, |last| last + 1);
        let mut sums = vec![(0.0, 0.0); n];
        (0..n_days).for_each(|at| sums[part(at)].1 += 1.0);
        days.iter().for_each(|&at| sums[part(at as usize)].0 += 1.0);
        let rates = sums
            .into_iter()
            .map(|(events, days)| events / f64::max(days, 1.0));
        rates.collect::<Vec<f64>>()
    };
    let (phases, years) = (level(&phase), level(&year));
    (0..n_days)
        .map(|at| phases[phase(at)] * years[year(at)])
        .collect()
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
