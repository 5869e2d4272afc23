//! Indicators that a mission observes itself: of every place and indicator the newest observation that
//! still stands.

use std::collections::BTreeMap;

use arrow::array::Array;
use forewarn_models::indicators::{
    against_same_season, lacking_share, log_ratio, mid_tail, nearness, ramp,
};

use crate::base::code::{Measure, Observable, PlacePrecision};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{Balance, Observations};

use super::Input;
use super::card::{Card, Entry};
use super::facts::{All, Facts};
use super::known::{At, Known};
use super::registry;

const HALF: f64 = 0.5;
/// A point that is known to be near stands for as far.
const NEAR_KM: f64 = 25.0;
/// Prices at twice or half of a baseline score 1 or 0.
const TWICE: f64 = std::f64::consts::LN_2;

/// Where a row stands: nothing for the whole mission.
type Place = Option<(String, [u64; 2])>;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Stands,
    /// A newer one of the same place stands.
    Past,
    /// Its day is still to come.
    NotYet,
    /// Its last day is over.
    Ended,
    NoSuchArea,
    Outside,
    /// It has neither a baseline nor a past to compare it with.
    Incomparable,
}

const FATES: [(Fate, &str); 7] = [
    (Fate::Stands, "stands"),
    (Fate::Past, "past"),
    (Fate::NotYet, "not_yet"),
    (Fate::Ended, "ended"),
    (Fate::NoSuchArea, "no_such_area"),
    (Fate::Outside, "outside_study_area"),
    (Fate::Incomparable, "nothing_to_compare_with"),
];

/// What is known by observation, and where every row went.
///
/// # Errors
/// Where the card lacks what an indicator needs, or the books do not balance.
pub(super) fn read(
    input: &Input<'_>,
    facts: &Facts<'_>,
    card: &Card,
) -> Result<(BTreeMap<Observable, Vec<Known>>, Balance)> {
    let rows = &input.surroundings.observations;
    let mut fates: BTreeMap<Fate, i64> = BTreeMap::new();
    let mut groups: BTreeMap<(Observable, Place), Vec<usize>> = BTreeMap::new();
    for row in 0..rows.len() {
        let indicator = Observable::from_code(rows.indicator().value(row));
        match (indicator, time(rows, row, facts.as_of)) {
            (Some(indicator), None) => {
                groups
                    .entry((indicator, place(rows, row)))
                    .or_default()
                    .push(row);
            }
            (_, fate) => *fates.entry(fate.unwrap_or(Fate::Incomparable)).or_default() += 1,
        }
    }
    let mut observed: BTreeMap<Observable, Vec<Known>> = BTreeMap::new();
    for ((indicator, _), mut group) in groups {
        let Some(entry) = registry::entry(card, indicator.name()) else {
            continue;
        };
        group.sort_by_key(|&row| order(rows, row));
        let Some((&newest, past)) = group.split_last() else {
            continue;
        };
        *fates.entry(Fate::Past).or_default() += i64::try_from(past.len()).unwrap_or(i64::MAX);
        let told = Told {
            rows,
            row: newest,
            past,
            entry,
            as_of: facts.as_of,
        };
        let fate = match (told.places(facts, indicator)?, told.scored(indicator)?) {
            (Err(fate), _) => fate,
            (_, None) => Fate::Incomparable,
            (Ok(places), Some(one)) => {
                let known = observed.entry(indicator).or_default();
                known.extend(places.into_iter().map(|at| Known { at, ..one.clone() }));
                Fate::Stands
            }
        };
        *fates.entry(fate).or_default() += 1;
    }
    let n_rows = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let fates = FATES.map(|(fate, name)| (name, fates.get(&fate).copied().unwrap_or(0)));
    let balance = Balance::close("indicators", "observations", n_rows, fates)?;
    Ok((observed, balance))
}

/// An indicator by observation alone.
#[allow(
    clippy::unnecessary_wraps,
    reason = "what computes an indicator may fail"
)]
pub(super) fn known(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let indicator = Observable::from_name(&entry.id);
    let known = indicator.and_then(|indicator| all.observed.get(&indicator));
    Ok(known.cloned().unwrap_or_default())
}

/// C5: by observation, and by rain where nobody looked.
pub(super) fn concealment(all: &All<'_>, entry: &Entry) -> Result<Vec<Known>> {
    let mut known = known(all, entry)?;
    known.extend(super::rain::growth(all, entry)?);
    Ok(known)
}

/// Why a row says nothing of the day.
fn time(rows: &Observations, row: usize, as_of: Day) -> Option<Fate> {
    let last_day = rows.last_day();
    if rows.date().value(row) > as_of.0 {
        Some(Fate::NotYet)
    } else if last_day.is_valid(row) && last_day.value(row) < as_of.0 {
        Some(Fate::Ended)
    } else {
        None
    }
}

fn place(rows: &Observations, row: usize) -> Place {
    let pcode = rows.pcode();
    let pcode = if pcode.is_valid(row) {
        pcode.value(row)
    } else {
        ""
    };
    let is_point = rows.lat_deg().is_valid(row) && rows.lon_deg().is_valid(row);
    let point = if is_point {
        [rows.lat_deg().value(row), rows.lon_deg().value(row)].map(f64::to_bits)
    } else {
        [0; 2]
    };
    (is_point || !pcode.is_empty()).then(|| (pcode.to_uppercase(), point))
}

/// The newest comes last; of one day the highest value.
fn order(rows: &Observations, row: usize) -> (i32, u64, usize) {
    // Values are at least 0, and so their bits are in their order.
    (
        rows.date().value(row),
        rows.value().value(row).to_bits(),
        row,
    )
}

/// The observation that stands, those before it, and how to score it.
struct Told<'a> {
    rows: &'a Observations,
    row: usize,
    past: &'a [usize],
    entry: &'a Entry,
    as_of: Day,
}

impl Told<'_> {
    fn value(&self) -> f64 {
        self.rows.value().value(self.row)
    }

    fn baseline(&self) -> Option<f64> {
        let baseline = self.rows.baseline();
        baseline
            .is_valid(self.row)
            .then(|| baseline.value(self.row))
    }

    /// The cells that it stands for.
    fn places(
        &self,
        facts: &Facts<'_>,
        indicator: Observable,
    ) -> Result<std::result::Result<Vec<At>, Fate>> {
        let (rows, row) = (self.rows, self.row);
        if rows.lat_deg().is_valid(row) && rows.lon_deg().is_valid(row) {
            let code = rows.place_precision();
            let precision = code
                .is_valid(row)
                .then(|| PlacePrecision::from_code(code.value(row)));
            let is_near = precision
                .flatten()
                .is_none_or(|it| it >= PlacePrecision::Near);
            let own_km = self.entry.reach_km()?;
            let reach_km = if is_near { own_km.max(NEAR_KM) } else { own_km };
            let (lat_deg, lon_deg) = (rows.lat_deg().value(row), rows.lon_deg().value(row));
            let cells = facts.ground.around(lat_deg, lon_deg, reach_km);
            let cells: Vec<At> = cells.into_iter().map(|(cell, _)| At::Cell(cell)).collect();
            return Ok(if cells.is_empty() {
                Err(Fate::Outside)
            } else {
                Ok(cells)
            });
        }
        if rows.pcode().is_valid(row) {
            let area = facts.area(rows.pcode().value(row));
            return Ok(area.map(|area| vec![area]).ok_or(Fate::NoSuchArea));
        }
        // Habits are told of an area or not at all: the source sees to it.
        let is_habit = indicator == Observable::ProtectiveHabits;
        Ok(if is_habit {
            Err(Fate::NoSuchArea)
        } else {
            Ok(vec![At::Everywhere])
        })
    }

    /// Score, what is usual, and what was expected; nothing where it cannot be compared.
    fn scored(&self, indicator: Observable) -> Result<Option<Known>> {
        let scored = match indicator {
            Observable::Election => self.election()?,
            Observable::ThreatsVoiced => Some((self.voices(), self.entry.usual)),
            Observable::EarlyReturns => self.beyond_plan()?,
            Observable::WomenPresent | Observable::GirlsAtSchool => {
                let lacking = self
                    .baseline()
                    .and_then(|usual| lacking_share(self.value(), usual));
                lacking.map(|score| (score, self.entry.usual))
            }
            Observable::OffCorridor => Some((self.above_share(), self.entry.usual)),
            Observable::LivestockPrice => self.price().map(|(score, usual)| (1.0 - score, usual)),
            Observable::StaplePrice => self.price(),
            Observable::Concealment | Observable::OpenServices => {
                Some((self.value(), self.baseline().unwrap_or(self.entry.usual)))
            }
            Observable::LongWalk | Observable::RationLate => self.amount()?,
            _ if indicator.measure() == Measure::YesNo => Some((self.value(), self.entry.usual)),
            _ => Some(self.count()),
        };
        let day = Day(self.rows.date().value(self.row));
        let value = match indicator {
            Observable::Election => self.days_until_due(),
            _ => self.value(),
        };
        Ok(scored.map(|(score, usual)| Known {
            expected: self.baseline(),
            usual,
            n_sources: self.rows.n_sources().value(self.row),
            ..Known::seen(At::Everywhere, value, score, day)
        }))
    }

    fn election(&self) -> Result<Option<(f64, f64)>> {
        let (due, [before, after]) = (self.rows.due(), self.entry.around_days()?);
        if due.is_null(self.row) || self.value() <= 0.0 {
            return Ok(None);
        }
        let score = nearness(self.days_until_due(), before, after);
        Ok(score.map(|score| (score, self.entry.usual)))
    }

    /// Negative after it.
    fn days_until_due(&self) -> f64 {
        f64::from(self.rows.due().value(self.row) - self.as_of.0)
    }

    /// One independent voice is worth one half, each further one half of what is left.
    fn voices(&self) -> f64 {
        let n = f64::from(self.rows.n_sources().value(self.row));
        if self.value() > 0.0 {
            1.0 - (-n).exp2()
        } else {
            0.0
        }
    }

    fn beyond_plan(&self) -> Result<Option<(f64, f64)>> {
        let [none, full] = self.entry.ends()?;
        let ratio = self
            .baseline()
            .and_then(|plan| log_ratio(self.value(), plan));
        Ok(ratio
            .and_then(|ratio| ramp(ratio, none, full))
            .map(|score| (score, self.entry.usual)))
    }

    /// What a share has above its baseline, of what it could have.
    fn above_share(&self) -> f64 {
        let baseline = self.baseline().unwrap_or(0.0);
        ramp(self.value(), baseline, 1.0).unwrap_or(0.0)
    }

    fn amount(&self) -> Result<Option<(f64, f64)>> {
        let [none, full] = self.entry.ends()?;
        let usual = self.baseline().and_then(|usual| ramp(usual, none, full));
        let score = ramp(self.value(), none, full);
        Ok(score.map(|score| (score, usual.unwrap_or(self.entry.usual))))
    }

    /// Against its baseline, as counts are; without one, any at all.
    fn count(&self) -> (f64, f64) {
        let against = self
            .baseline()
            .and_then(|mean| mid_tail(self.value(), mean, mean));
        let any = if self.value() > 0.0 { 1.0 } else { 0.0 };
        against.map_or((any, self.entry.usual), |score| (score, HALF))
    }

    /// A price against the same month of past years of its place, else against its baseline.
    fn price(&self) -> Option<(f64, f64)> {
        let month = |row: usize| Day(self.rows.date().value(row)).date();
        let now = month(self.row);
        let mut years: BTreeMap<i16, (f64, f64)> = BTreeMap::new();
        for &row in self.past {
            let then = month(row);
            if then.month() == now.month() && then.year() < now.year() {
                let sum = years.entry(then.year()).or_default();
                *sum = (sum.0 + self.rows.value().value(row), sum.1 + 1.0);
            }
        }
        let past: Vec<f64> = years.values().map(|(sum, n)| sum / n).collect();
        let by_past = against_same_season(self.value(), &past);
        let ratio = self
            .baseline()
            .filter(|&usual| usual > 0.0 && self.value() > 0.0);
        let ratio = ratio.map(|usual| (self.value() / usual).ln());
        let by_baseline = ratio.and_then(|ratio| ramp(ratio, -TWICE, TWICE));
        by_past.or(by_baseline).map(|score| (score, HALF))
    }
}
