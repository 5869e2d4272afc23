//! Plans in the words of a patrol conference.

use forewarn_models::units::{Coordinate, distance_km};
use mgrs_convert::{LatLon, Precision};
use rand_chacha::ChaCha20Rng;

use crate::base::code::PlaceKind;
use crate::base::error::{Error, Result};
use crate::tables::{Patrol, PatrolStop, Zone};

use super::Frame;
use super::bases::Team;
use super::sector::Sector;
use super::stops::Stop;
use super::week::{self, Times};

/// Digits of easting and of northing: 1 km.
const MGRS_DIGITS: u8 = 2;

/// The drawn tours as patrols, by day, hour and base.
pub(super) fn patrols(
    frame: &Frame<'_>,
    sector: &Sector<'_>,
    (plan, n_exploring): (&[u32], usize),
    rng: &mut ChaCha20Rng,
) -> Result<Vec<Patrol>> {
    let settings = &frame.input.context.settings.plan;
    let largest = 0.5_f64.powf(settings.entropy_floor_bits) / settings.largest_share;
    let mut patrols = Vec::new();
    for (position, &tour) in plan.iter().enumerate() {
        let tour = &sector.tours[tour as usize];
        let team = &sector.teams[tour.unit as usize];
        let stops: Vec<&Stop<'_>> = tour
            .stops
            .iter()
            .filter_map(|&cell| frame.stops.cells[cell as usize].as_ref().ok())
            .collect();
        let legs = legs_km(frame, team, &stops);
        let hours: Vec<f64> = legs.iter().map(|&km| frame.ways.hours(km)).collect();
        let timed = week::Tour {
            stops: &stops,
            legs: &hours,
            night: team.night,
        };
        let rules = (frame.card, settings.days.as_slice(), largest);
        let times = week::times(frame.monday, &timed, rules, rng);
        let mut told = Vec::new();
        for ((&cell, stop), at) in tour.stops.iter().zip(&stops).zip(&times.stops) {
            told.push(stop_told(frame, team, (cell, stop), (&times, *at))?);
        }
        patrols.push(Patrol {
            number: 0,
            base: team.name.clone(),
            base_mgrs: mgrs(team.at)?,
            day: times.day,
            depart: week::clock(times.depart),
            back: week::clock(times.back),
            hours: tenth(tour.hours),
            distance_km: tenth(legs.iter().sum()),
            team: team_told(team, &stops).to_owned(),
            explores: position < n_exploring,
            stops: told,
            text: String::new(),
        });
    }
    patrols.sort_by(|a, b| (a.day, &a.depart, &a.base).cmp(&(b.day, &b.depart, &b.base)));
    for (number, patrol) in (1..).zip(&mut patrols) {
        patrol.number = number;
        patrol.text = aloud(patrol);
    }
    Ok(patrols)
}

/// Kilometres to each stop from the one before, the base first, and back.
fn legs_km(frame: &Frame<'_>, team: &Team, stops: &[&Stop<'_>]) -> Vec<f64> {
    let base = std::iter::once(team.at);
    let way: Vec<Coordinate> = base
        .clone()
        .chain(stops.iter().map(|stop| stop.at))
        .chain(base)
        .collect();
    way.windows(2)
        .map(|leg| frame.ways.km(leg[0], leg[1]))
        .collect()
}

fn stop_told(
    frame: &Frame<'_>,
    team: &Team,
    (cell, stop): (u32, &Stop<'_>),
    (times, [arrive, leave]): (&Times, [f64; 2]),
) -> Result<PatrolStop> {
    let zone = zone_of(frame, cell);
    let place = stop.place.map_or_else(
        || {
            let named = frame.input.places.rows().iter();
            let named = named.filter(|place| place.kind == PlaceKind::Settlement);
            let nearest = named
                .filter_map(|place| {
                    let at = Coordinate::new(place.lat_deg, place.lon_deg).ok()?;
                    Some((distance_km(at, stop.at), place.name.as_str()))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
            let (km, name) =
                nearest.unwrap_or_else(|| (distance_km(team.at, stop.at), team.name.as_str()));
            format!("{km:.0} km from {name}")
        },
        |place| place.name.clone(),
    );
    let days = &frame.input.context.settings.plan.days;
    Ok(PatrolStop {
        place,
        mgrs: mgrs(stop.at)?,
        lat_deg: stop.at.lat_deg(),
        lon_deg: stop.at.lon_deg(),
        zone_id: zone.map(|zone| zone.zone_id.clone()),
        zone_rank: zone.and_then(|zone| Some(zone.standing?.rank)),
        arrive: week::clock(arrive),
        leave: week::clock(leave),
        window: week::window(stop, times.day, arrive, days),
        note: note(team, stop),
    })
}

/// The ranked zone that holds a cell.
fn zone_of<'a>(frame: &Frame<'a>, cell: u32) -> Option<&'a Zone> {
    let cell = frame.input.study_area.grid.cells()[cell as usize];
    let mut zones = frame.input.zones.rows.iter();
    zones.find(|zone| zone.cells.contains(&cell))
}

fn note(team: &Team, stop: &Stop<'_>) -> String {
    let mut notes = Vec::new();
    if stop.is_short {
        notes.push("keep it short, stay outside the site");
    }
    if stop.needs_mixed && team.mixed == Some(false) {
        notes.push("ask the Women's Protection Adviser first: no women in this base's teams");
    }
    if stop.place.is_none() {
        notes.push("no named place: stop where the road is nearest");
    }
    notes.join("; ")
}

fn team_told(team: &Team, stops: &[&Stop<'_>]) -> &'static str {
    match (stops.iter().any(|stop| stop.needs_mixed), team.mixed) {
        (_, Some(true)) => "mixed team",
        (true, Some(false)) => "mixed team needed, this base has none: ask another",
        (true, None) => "mixed team needed, not known whether this base has one",
        (false, Some(false)) => "no women in this base's teams",
        (false, None) => "mixed team wherever there is one",
    }
}

/// One patrol as it is read aloud.
fn aloud(patrol: &Patrol) -> String {
    let stops: Vec<String> = patrol
        .stops
        .iter()
        .map(|stop| {
            let zone = match (&stop.zone_id, stop.zone_rank) {
                (Some(_), Some(rank)) => format!(", zone of rank {rank}"),
                (Some(_), None) => ", zone not ranked".to_owned(),
                _ => String::new(),
            };
            let note = if stop.note.is_empty() {
                String::new()
            } else {
                format!(" ({})", stop.note)
            };
            let PatrolStop {
                place,
                mgrs,
                arrive,
                leave,
                window,
                ..
            } = stop;
            format!("{place}, {mgrs}, {arrive}-{leave}, {window}{zone}{note}")
        })
        .collect();
    let purpose = if patrol.explores { " To learn." } else { "" };
    format!(
        "{} {}, from {} ({}) at {}, back {}, {:.1} h, {:.0} km, {}.{purpose} Stops: {}.",
        patrol.day.date().strftime("%A"),
        patrol.day,
        patrol.base,
        patrol.base_mgrs,
        patrol.depart,
        patrol.back,
        patrol.hours,
        patrol.distance_km,
        patrol.team,
        stops.join("; then "),
    )
}

/// What must be known of all plans.
pub(super) fn notes(frame: &Frame<'_>, n_held: usize) -> Vec<String> {
    let settings = &frame.input.context.settings.plan;
    let season = if frame.ways.is_wet { "wet" } else { "dry" };
    let mut notes = vec![
        frame.card.caution.clone(),
        format!(
            "travel is a straight line times {} at {} km/h ({season} season), not a road network: check it before leaving",
            settings.detour, frame.ways.speed_km_h
        ),
    ];
    if frame.input.roads_open.is_empty() {
        notes.push(
            "no file of roads tells where they are closed: stops may be out of reach".to_owned(),
        );
    }
    if n_held > 0 {
        notes.push(format!(
            "{n_held} cells are no stop this week: their only report is of the last 7 days, and a visit would seem to \
             answer it"
        ));
    }
    notes
}

pub(super) fn mgrs(at: Coordinate) -> Result<String> {
    let point = LatLon::new(at.lat_deg(), at.lon_deg()).map_err(Error::statistic("plan"))?;
    let precision = Precision::new(MGRS_DIGITS).map_err(Error::statistic("plan"))?;
    Ok(point.to_mgrs(precision).to_string())
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
