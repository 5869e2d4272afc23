//! Reports over weeks and days, of the mission and of each first-level area.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng};

use crate::base::day::{Day, Week};
use crate::base::fixed;
use crate::tables::{Level, Scope};

use super::super::Input;

/// What the statistics of a scope are computed from.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) scope: Scope,
    /// Name of the area.
    pub(super) name: Option<String>,
    /// Reports of each week, all that are known to the area: parts of a report where its days or its
    /// place are known more coarsely.
    pub(super) reports: Vec<f64>,
    /// Hours of presence of each week.
    pub(super) effort_hours: Vec<f64>,
    /// Days on which a cell had a report known to the day and the cell, one for each such cell, ascending.
    pub(super) days: Vec<Day>,
}

/// The same for every scope, and the events behind the days.
#[derive(Debug)]
pub(super) struct Material {
    /// The first week with a report, or the first of the history: before it nothing is known.
    pub(super) first_week: Week,
    pub(super) n_weeks: usize,
    pub(super) mission: Series,
    pub(super) areas: Vec<Series>,
    /// Position of the cell and day of each event, by day, then cell.
    pub(super) events: Vec<(usize, Day)>,
}

impl Material {
    pub(super) fn of(input: &Input<'_>) -> Self {
        let grid = &input.study_area.grid;
        let (from, last) = (
            input.context.first_history_week(),
            input.context.last_week(),
        );
        let areas = Areas::of(input);
        let mut sums = Sums::new(1 + areas.of.len(), from, last);
        let rows = &input.placed.cell_weeks;
        let weeks = rows.week().values().iter();
        let amounts = weeks.zip(rows.incidents_e12().values());
        for (&cell, (&week, &amount)) in rows.cell().values().iter().zip(amounts) {
            sums.add(areas.of_cell(input, cell), week, i128::from(amount));
        }
        sums.add_areas(input, &areas);
        let first_week = sums.first_week().unwrap_or(from);
        let mut events: Vec<(usize, Day)> = rows
            .cell_days()
            .filter(|&(_, day)| (first_week.first_day()..=last.last_day()).contains(&day))
            .filter_map(|(cell, day)| Some((grid.position(cell)?, day)))
            .collect();
        events.sort_unstable_by_key(|&(cell, day)| (day, cell));
        let mut all = sums.series(&areas, first_week);
        for &(cell, day) in &events {
            all[0].days.push(day);
            if let Some(area) = areas.of_position[cell] {
                all[1 + area].days.push(day);
            }
        }
        add_effort(input, &areas, first_week, &mut all);
        let mission = all.remove(0);
        Self {
            first_week,
            n_weeks: mission.reports.len(),
            mission,
            areas: all,
            events,
        }
    }

    /// The first day of the last whole years before the end of the window, and their number; none
    /// without one whole year. Parts of a year would give some times of the year more chances.
    pub(super) fn whole_years(&self) -> Option<(Day, u32)> {
        let last = Week(self.first_week.0 + i32::try_from(self.n_weeks).ok()? - 1);
        let (first, last) = (self.first_week.first_day().0, last.last_day().0);
        let years = u32::try_from((last - first + 1) * 100 / 36_525).ok()?;
        let days = i32::try_from(years * 36_525 / 100).ok()?;
        (years > 0).then_some((Day(last - days + 1), years))
    }

    /// The week at a position of the series.
    pub(super) fn week(&self, at: usize) -> Week {
        Week(self.first_week.0 + i32::try_from(at).unwrap_or(0))
    }
}

/// First-level areas, and which of them each cell of the study area stands for.
struct Areas {
    of: Vec<(String, Option<String>)>,
    of_position: Vec<Option<usize>>,
}

impl Areas {
    fn of(input: &Input<'_>) -> Self {
        let grid = &input.study_area.grid;
        let mut areas = Self {
            of: Vec::new(),
            of_position: vec![None; grid.len()],
        };
        let names = input.boundaries.of_level(Level(1));
        let names: BTreeMap<&str, &str> =
            names.map(|a| (a.pcode.as_str(), a.name.as_str())).collect();
        for ((level, pcode), cells) in &input.study_area.cells_of {
            if *level != Level(1) || cells.is_empty() {
                continue;
            }
            for position in cells.iter().filter_map(|&cell| grid.position(cell)) {
                areas.of_position[position].get_or_insert(areas.of.len());
            }
            let name = names.get(pcode.as_str()).map(|&name| name.to_owned());
            areas.of.push((pcode.clone(), name));
        }
        areas
    }

    /// The area of a cell by its index.
    fn of_cell(&self, input: &Input<'_>, cell: u64) -> Option<usize> {
        let cell = CellIndex::try_from(cell).ok()?;
        self.of_position[input.study_area.grid.position(cell)?]
    }
}

/// Sums of whole parts by scope and week, so that their order cannot matter; the mission first.
struct Sums {
    from: i32,
    n_weeks: usize,
    parts: Vec<Vec<i128>>,
}

impl Sums {
    fn new(n_scopes: usize, from: Week, last: Week) -> Self {
        let n_weeks = usize::try_from(last.0 - from.0 + 1).unwrap_or(0);
        Self {
            from: from.0,
            n_weeks,
            parts: vec![vec![0; n_weeks]; n_scopes],
        }
    }

    fn add(&mut self, area: Option<usize>, week: i32, amount_e12: i128) {
        let at = usize::try_from(week - self.from).ok();
        let Some(at) = at.filter(|&at| at < self.n_weeks) else {
            return;
        };
        self.parts[0][at] += amount_e12;
        if let Some(area) = area {
            self.parts[1 + area][at] += amount_e12;
        }
    }

    /// What is known to an area only, by the share of each first-level area in its cells.
    fn add_areas(&mut self, input: &Input<'_>, areas: &Areas) {
        let known = &input.placed.area_weeks;
        let shares: Vec<BTreeMap<Option<usize>, i64>> = known
            .parts
            .iter()
            .map(|cells| {
                let mut shares = BTreeMap::new();
                for &(cell, part) in cells {
                    *shares.entry(areas.of_cell(input, cell.into())).or_default() += part;
                }
                shares
            })
            .collect();
        let rows = &known.rows;
        let weeks = rows
            .week()
            .values()
            .iter()
            .zip(rows.incidents_e6().values());
        for (&area, (&week, &e6)) in rows.area().values().iter().zip(weeks) {
            for (&within, &part) in &shares[area as usize] {
                self.add(within, week, i128::from(e6) * i128::from(part));
            }
        }
    }

    fn first_week(&self) -> Option<Week> {
        let first = self.parts[0].iter().position(|&part| part > 0)?;
        Some(Week(self.from + i32::try_from(first).ok()?))
    }

    /// The series from the first week on.
    fn series(&self, areas: &Areas, first: Week) -> Vec<Series> {
        let from = usize::try_from(first.0 - self.from).unwrap_or(0);
        let scopes = areas
            .of
            .iter()
            .map(|(pcode, name)| (Scope::Area(pcode.clone()), name.clone()));
        std::iter::once((Scope::Mission, None))
            .chain(scopes)
            .zip(&self.parts)
            .map(|((scope, name), parts)| Series {
                scope,
                name,
                reports: parts[from..]
                    .iter()
                    .map(|&e12| fixed::incidents(i64::try_from(e12).unwrap_or(i64::MAX)))
                    .collect(),
                effort_hours: vec![0.0; parts.len() - from],
                days: Vec::new(),
            })
            .collect()
    }
}

/// Hours of every patrol, session and visit, in the order of the log.
fn add_effort(input: &Input<'_>, areas: &Areas, first: Week, all: &mut [Series]) {
    let (effort, grid) = (input.effort, &input.study_area.grid);
    let Some(resolution) = grid.cells().first().map(|cell| cell.resolution()) else {
        return;
    };
    for row in 0..effort.len() {
        let week = Day(effort.date().value(row)).week();
        let at = usize::try_from(week.0 - first.0).ok();
        let point = LatLng::new(effort.lat_deg().value(row), effort.lon_deg().value(row));
        let position = point
            .ok()
            .and_then(|point| grid.position(point.to_cell(resolution)));
        let (Some(at), Some(position)) = (at, position) else {
            continue;
        };
        let hours = effort.hours().value(row);
        let scopes = std::iter::once(0).chain(areas.of_position[position].map(|area| 1 + area));
        for scope in scopes {
            if let Some(sum) = all[scope].effort_hours.get_mut(at) {
                *sum += hours;
            }
        }
    }
}
