//! The five factors of a place's need of outreach, each a share that says how far it is known.

use std::collections::BTreeMap;

use arrow::array::Array;
use forewarn_models::indicators::reach;
use forewarn_models::outreach::{Share, audience_gap, exposure};
use forewarn_models::risk::{GammaPosterior, GammaPrior};
use forewarn_models::units::Coordinate;
use h3o::CellIndex;

use crate::base::code::Audience;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::SeasonPhase;

use super::Input;
use super::card::Card;
use super::people::{Held, reached};
use super::places::Place;

/// On foot, as the crow flies.
const WALK_KM_PER_HOUR: f64 = 4.0;

/// What is the same for every place.
pub(super) struct Need<'a> {
    input: &'a Input<'a>,
    card: &'a Card,
    held: &'a [Held],
    /// Mean rate over the mission, weighted by area.
    mean_rate: f64,
    /// Exposure to a corridor whose season is on or ahead, by cell.
    ahead: BTreeMap<CellIndex, f64>,
}

impl<'a> Need<'a> {
    pub(super) fn of(input: &'a Input<'a>, card: &'a Card, held: &'a [Held]) -> Result<Self> {
        let areas = input.study_area.grid.area_km2();
        let (mut sum, mut area) = (0.0, 0.0);
        for (cell, &area_km2) in areas.iter().enumerate() {
            sum += posterior(input, cell)?.mean() * area_km2;
            area += area_km2;
        }
        Ok(Self {
            input,
            card,
            held,
            mean_rate: sum / area,
            ahead: ahead(input, card),
        })
    }

    /// Exposure, low reporting, not yet reached, committee, audience gap.
    pub(super) fn factors(&self, place: &Place, audience: Audience) -> Result<[Share; 5]> {
        Ok([
            self.exposure(place)?,
            self.low_reporting(place),
            self.not_reached(place)?,
            self.committee(place),
            self.audience_gap(place, audience)?,
        ])
    }

    fn exposure(&self, place: &Place) -> Result<Share> {
        let posterior = posterior(self.input, place.position)?;
        let corridor = self.ahead.get(&place.cell).copied().unwrap_or(0.0);
        let of = |rate: Option<f64>| {
            let rate = rate? / self.mean_rate;
            exposure(rate, corridor)
        };
        let ends = [
            of(posterior.quantile(0.05)),
            of(Some(posterior.mean())),
            of(posterior.quantile(0.95)),
        ];
        Ok(match ends {
            // A skewed posterior may have its mean beyond an end.
            [Some(lo), Some(mid), Some(hi)] => Share {
                lo: lo.min(mid),
                mid,
                hi: hi.max(mid),
            },
            _ => Share::UNKNOWN,
        })
    }

    fn low_reporting(&self, place: &Place) -> Share {
        let detection = &self.input.reporting.detection;
        let row = place.position;
        let known = [detection.q_lo(), detection.q(), detection.q_hi()];
        if known.iter().any(|q| q.is_null(row)) {
            return Share::UNKNOWN;
        }
        let [lo, mid, hi] = known.map(|q| q.value(row).clamp(0.0, 1.0));
        Share {
            lo: lo.min(mid),
            mid,
            hi: hi.max(mid),
        }
        .rest()
    }

    /// Where nobody keeps a log of sessions, nothing is known.
    fn not_reached(&self, place: &Place) -> Result<Share> {
        let as_of = self.input.context.as_of;
        let age = |day: Day| f64::from(as_of.0 - day.0);
        let logged = self.held.iter().filter_map(|held| {
            let hours = held.km_to(place.point)? / WALK_KM_PER_HOUR;
            Some((hours, age(held.day)))
        });
        let own = place.last_session.map(|day| (0.0, age(day)));
        let sessions: Vec<(f64, f64)> = logged.chain(own).collect();
        if sessions.is_empty() {
            return Ok(Share::UNKNOWN);
        }
        let half_life_days = self
            .input
            .context
            .settings
            .reporting
            .outreach_half_life_days;
        let tau_hours = self.card.factors.walk_scale_hours;
        let reached = reach(&sessions, tau_hours, half_life_days);
        let reached = reached.ok_or_else(|| refuse("an age or a distance of a session"))?;
        Ok(Share::known(1.0 - reached.score))
    }

    fn committee(&self, place: &Place) -> Share {
        let without = self.card.factors.without_committee;
        match place.committee {
            Some(true) => Share::known(1.0),
            Some(false) => Share::known(without),
            None => Share {
                lo: without,
                mid: f64::midpoint(without, 1.0),
                hi: 1.0,
            },
        }
    }

    /// Of men and boys on their list, of women and girls on all others.
    fn audience_gap(&self, place: &Place, audience: Audience) -> Result<Share> {
        let [_, women, men] = reached(self.input, self.card, self.held, Some(place.point));
        let of = if audience == Audience::MenAndBoys {
            men
        } else {
            women
        };
        let factors = &self.card.factors;
        let gap = audience_gap(of, women.saturating_add(men), factors.target_share);
        let gap = gap.ok_or_else(|| refuse("the card's target share"))?;
        if gap == Share::UNKNOWN {
            return Ok(gap);
        }
        let least = |share: f64| share.max(factors.least_gap);
        Ok(Share {
            lo: least(gap.lo),
            mid: least(gap.mid),
            hi: least(gap.hi),
        })
    }

    /// Day of the newest session on a place's list or near it.
    pub(super) fn last_session(&self, place: &Place) -> Option<Day> {
        let people_km = self.card.factors.people_km;
        let is_near = |held: &&Held| held.km_to(place.point).is_some_and(|km| km <= people_km);
        let logged = self.held.iter().filter(is_near).map(|held| held.day);
        logged.chain(place.last_session).max()
    }
}

fn posterior(input: &Input<'_>, cell: usize) -> Result<GammaPosterior> {
    let expected = input.expected;
    let (shape, rate) = (expected.posterior_shape(), expected.posterior_rate());
    let known = GammaPrior::new(shape.value(cell), rate.value(cell));
    let known = known.map_err(Error::statistic("outreach"))?;
    known
        .posterior(0.0, 0.0)
        .map_err(Error::statistic("outreach"))
}

/// Of each cell its exposure to a corridor times the chance that herds' season is on or begins soon: the
/// largest over corridors and seasons.
fn ahead(input: &Input<'_>, card: &Card) -> BTreeMap<CellIndex, f64> {
    let as_of = input.context.as_of;
    let herds: Vec<&str> = {
        let seasons = input
            .phases
            .on(as_of)
            .filter(|season| season.driver == "herds");
        let names: std::collections::BTreeSet<&str> =
            seasons.map(|one| one.season.as_str()).collect();
        names.into_iter().collect()
    };
    let chance = |corridor: &str| {
        let of = |name: &&str| input.phases.of(name, Some(corridor), as_of);
        let chances = herds
            .iter()
            .filter_map(of)
            .map(|season| soon(season, as_of, card));
        chances.fold(0.0, f64::max)
    };
    let mut chances: BTreeMap<&str, f64> = BTreeMap::new();
    let corridors = input.corridors;
    let mut found: BTreeMap<CellIndex, f64> = BTreeMap::new();
    for row in 0..corridors.len() {
        let Ok(cell) = CellIndex::try_from(corridors.cell().value(row)) else {
            continue;
        };
        let name = corridors.corridor().value(row);
        let chance = *chances.entry(name).or_insert_with(|| chance(name));
        let here = found.entry(cell).or_default();
        *here = here.max(corridors.exposure().value(row).clamp(0.0, 1.0) * chance);
    }
    found
}

/// Chance that a season is on, or begins within the days planned for.
fn soon(season: &SeasonPhase, as_of: Day, card: &Card) -> f64 {
    let until = f64::from(as_of.0 + card.factors.season_days);
    let over = f64::from(as_of.0) - f64::from(season.length_days);
    (season.onset.begun_by(until) - season.onset.begun_by(over)).clamp(0.0, 1.0)
}

fn refuse(what: &str) -> Error {
    Error::Statistic {
        stage: "outreach",
        reason: format!("{what} cannot be used"),
    }
}

/// A place as mathematics see it.
pub(super) fn point(lat_deg: f64, lon_deg: f64) -> Result<Coordinate> {
    Coordinate::new(lat_deg, lon_deg).map_err(Error::statistic("outreach"))
}
