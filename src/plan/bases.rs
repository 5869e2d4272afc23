//! Bases that stand, and what each can send next week.

use arrow::array::Array;
use forewarn_models::units::{Coordinate, cell_of};

use crate::base::code::PlaceKind;

use super::Input;
use super::card::Card;

/// One base.
#[derive(Debug, Clone)]
pub(super) struct Team {
    pub(super) name: String,
    pub(super) sector: String,
    pub(super) at: Coordinate,
    pub(super) range_km: f64,
    pub(super) patrols: u32,
    pub(super) hours: f64,
    pub(super) mixed: Option<bool>,
    pub(super) night: bool,
}

/// Bases in the study area, by sector and name; what is said of them.
pub(super) fn teams(input: &Input<'_>, card: &Card) -> (Vec<Team>, Vec<String>) {
    let mut notes = Vec::new();
    let mut teams = listed(input, card, &mut notes);
    if teams.is_empty() {
        let places = input.places.rows().iter();
        let bases = places.filter(|place| place.kind == PlaceKind::Base);
        for place in bases {
            teams.extend(team(
                input,
                &place.name,
                [place.lat_deg, place.lon_deg],
                None,
            ));
        }
        if !teams.is_empty() {
            notes.push(
                "bases are those of the place list, with the range and patrols of [plan]: no file of bases says \
                 what they have"
                    .to_owned(),
            );
        }
    }
    teams.retain(|team| team.patrols > 0 && team.hours > 0.0);
    teams.sort_by(|a, b| (&a.sector, &a.name).cmp(&(&b.sector, &b.name)));
    teams.dedup_by(|a, b| a.name == b.name && a.sector == b.sector);
    (teams, notes)
}

/// Bases of the files.
fn listed(input: &Input<'_>, card: &Card, notes: &mut Vec<String>) -> Vec<Team> {
    let bases = &input.surroundings.bases;
    let mut teams = Vec::new();
    for row in (0..bases.len()).filter(|&row| bases.is_open(row, input.context.as_of)) {
        let at = [bases.lat_deg().value(row), bases.lon_deg().value(row)];
        let range_km = bases.range_km();
        let range_km = range_km.is_valid(row).then(|| range_km.value(row));
        let Some(mut team) = team(input, bases.name().value(row), at, range_km) else {
            continue;
        };
        let yes = |column: &arrow::array::UInt8Array| {
            column.is_valid(row).then(|| column.value(row) == 1)
        };
        team.mixed = yes(bases.mixed_team());
        team.night = yes(bases.night()) == Some(true);
        let vehicles = bases.vehicles();
        if vehicles.is_valid(row) && vehicles.value(row) < card.vehicles {
            notes.push(format!(
                "{}: {} vehicles, a patrol needs {}: none is planned from there",
                team.name,
                vehicles.value(row),
                card.vehicles
            ));
            team.patrols = 0;
        }
        teams.push(team);
    }
    teams
}

/// A base with what the settings say of it; none outside the study area.
fn team(input: &Input<'_>, name: &str, at: [f64; 2], range_km: Option<f64>) -> Option<Team> {
    let at = Coordinate::new(at[0], at[1]).ok()?;
    let grid = &input.study_area.grid;
    grid.position(cell_of(at, grid.cells()[0].resolution()))?;
    let settings = &input.context.settings.plan;
    let own = settings.bases.iter().find(|base| base.name == name);
    let patrols = own.and_then(|own| own.patrols).unwrap_or(settings.patrols);
    let all_hours = f64::from(patrols) * settings.patrol_hours;
    let sector = own.and_then(|own| own.sector.clone());
    Some(Team {
        name: name.to_owned(),
        sector: sector.unwrap_or_else(|| input.context.settings.mission.name.clone()),
        at,
        range_km: range_km.unwrap_or(settings.range_km),
        patrols,
        hours: own.and_then(|own| own.hours).unwrap_or(all_hours),
        mixed: None,
        night: false,
    })
}
