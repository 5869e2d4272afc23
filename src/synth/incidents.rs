//! The incident file: one row per incident, drawn chunk by chunk.

use std::ops::Range;

use super::calendar::{FIRST_DAY, LAST_DAY, LONGEST_DELAY_DAYS};
use super::draws::Draws;
use super::processes::Place;
use super::sectors::{MIDDLE, Point, Sector};
use super::text;
use super::world::{World, whereabouts};
use crate::base::code::{Kind, PlacePrecision};
use crate::base::day::Day;
use forewarn_models::units::{Purpose, Seed};

/// Rows drawn from one stream of random numbers.
pub(super) const CHUNK: u64 = 100_000;

/// Column names of an invented reporter; `mission.toml` maps them.
pub(super) const HEADER: &str =
    "ref,day,day_to,lat,lon,known_to,what,by,checked,heard_from,deaths,told_on,SYNTHETIC\n";

/// Words of an invented reporter for the kinds, in code order.
pub(super) const WHAT: [&str; 9] = [
    "fighting with state forces",
    "fighting between groups",
    "attack on civilians",
    "sexual violence",
    "abduction",
    "looting",
    "cattle raid",
    "crop damage",
    "other event",
];

/// The same for how precisely a place is known, in code order.
pub(super) const KNOWN_TO: [&str; 7] = [
    "point",
    "village",
    "near",
    "commune",
    "district",
    "prefecture",
    "country",
];

const KNOWN: [(u32, PlacePrecision); 6] = [
    (180, PlacePrecision::Exact),
    (440, PlacePrecision::Town),
    (300, PlacePrecision::Near),
    (50, PlacePrecision::Admin2),
    (20, PlacePrecision::Admin1),
    (10, PlacePrecision::Country),
];
const BY: [(u32, &str); 5] = [
    (450, "armed group"),
    (150, "militia"),
    (100, "state"),
    (100, "other"),
    (200, "not said"),
];
const CHECKED: [(u32, &str); 3] = [(600, "no"), (300, "yes"), (100, "not said")];
const HEARD_FROM: [(u32, &str); 4] = [
    (450, "resident"),
    (250, "partner"),
    (200, "patrol"),
    (100, "not said"),
];
/// Days by which the first day may lie before the last.
const SPREAD: [(u32, i32); 4] = [(850, 0), (100, 3), (35, 6), (15, 27)];

/// Rows that break a rule on purpose, one rule each: latitude, date, order of dates.
pub(super) const BROKEN: [&str; 3] = [
    "2024-01-15,2024-01-15,97.2000,18.2800,point,looting,not said,no,resident,0,2024-01-16,yes\n",
    "2024-02-30,2024-02-30,7.1500,17.3100,village,abduction,not said,no,partner,0,2024-03-02,yes\n",
    "2024-03-09,2024-03-02,6.5100,18.2700,village,cattle raid,other,no,patrol,0,2024-03-10,yes\n",
];

/// The rows of one chunk out of `incidents` in all. Depends on the seed and the chunk only.
pub(super) fn chunk(world: &World, seed: Seed, index: u64, incidents: u64, rows: &mut Vec<u8>) {
    let mut draws = Draws::new(seed, Purpose::SynthIncidents, index);
    for reference in rows_of(index, incidents) {
        row(world, &mut draws, reference + 1, rows);
    }
}

fn rows_of(index: u64, incidents: u64) -> Range<u64> {
    index * CHUNK..((index + 1) * CHUNK).min(incidents)
}

/// The broken rows, numbered behind the others.
pub(super) fn broken(incidents: u64, rows: &mut Vec<u8>) {
    for (reference, rest) in (incidents + 1..).zip(BROKEN) {
        begin(reference, rows);
        rows.extend_from_slice(rest.as_bytes());
    }
}

fn begin(reference: u64, rows: &mut Vec<u8>) {
    rows.extend_from_slice(b"SYN-");
    text::number(rows, reference, 6);
    rows.push(b',');
}

fn row(world: &World, draws: &mut Draws, reference: u64, rows: &mut Vec<u8>) {
    let (process, last) = world.event(draws);
    let point = whereabouts(process.place, draws);
    let kind = draws.pick(process.kinds.into_iter().zip(Kind::ALL.iter().copied()));
    let known = match process.place {
        Place::Somewhere(_) => PlacePrecision::Admin2,
        _ => known(kind, draws),
    };
    let spread_days = draws.pick(SPREAD);
    let first = Day((last.0 - draws.up_to(spread_days)).max(FIRST_DAY.0));
    let delay_days = draws.up_to(LONGEST_DELAY_DAYS.min(LAST_DAY.0 - last.0));

    begin(reference, rows);
    rows.extend_from_slice(world.date(first));
    rows.push(b',');
    rows.extend_from_slice(world.date(last));
    rows.push(b',');
    text::point(rows, as_known(point, known));
    word(rows, KNOWN_TO[usize::from(known.code())]);
    word(rows, WHAT[usize::from(kind.code())]);
    word(rows, draws.pick(BY));
    word(rows, draws.pick(CHECKED));
    word(rows, draws.pick(HEARD_FROM));
    rows.push(b',');
    if let Some(deaths) = deaths(kind, draws) {
        text::number(rows, deaths, 1);
    }
    rows.push(b',');
    rows.extend_from_slice(world.date(Day(last.0 + delay_days)));
    rows.extend_from_slice(b",yes\n");
}

fn word(rows: &mut Vec<u8>, word: &str) {
    rows.push(b',');
    rows.extend_from_slice(word.as_bytes());
}

/// How precisely a place is told. Sexual violence is never told more precisely than "near", in
/// invented data no more than in real ones.
fn known(kind: Kind, draws: &mut Draws) -> PlacePrecision {
    let known = draws.pick(KNOWN);
    if kind == Kind::SexualViolence {
        known.max(PlacePrecision::Near)
    } else {
        known
    }
}

/// The coordinates a report carries: a village's, a tenth of a degree's, or an area's middle.
fn as_known(point: Point, known: PlacePrecision) -> Point {
    let of_sector = |middle: fn(Sector) -> Point| Sector::of(point).map_or(MIDDLE, middle);
    match known {
        PlacePrecision::Exact => point,
        PlacePrecision::Town => point.snapped(100),
        PlacePrecision::Near => point.snapped(1_000),
        PlacePrecision::Admin3 | PlacePrecision::Admin2 => of_sector(Sector::middle),
        PlacePrecision::Admin1 => of_sector(Sector::strip_middle),
        PlacePrecision::Country => MIDDLE,
    }
}

/// Deaths, where the report says how many.
fn deaths(kind: Kind, draws: &mut Draws) -> Option<u64> {
    let deadly_permille = match kind {
        Kind::Battle | Kind::Clash => 600,
        Kind::AttackOnCivilians | Kind::CattleRaid => 300,
        Kind::SexualViolence | Kind::Abduction | Kind::Looting => 40,
        Kind::CropDamage | Kind::Other => 10,
    };
    let (deadly, told) = (draws.chance(deadly_permille), draws.chance(950));
    let number = draws.below(5) * draws.below(4) / 2 + 1;
    told.then(|| if deadly { u64::from(number) } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::SeasonShift;
    use crate::synth::processes::{PROCESSES, Planted};

    const SEED: Seed = Seed(1);

    fn fields(rows: &[u8]) -> Vec<Vec<String>> {
        let text = std::str::from_utf8(rows).unwrap();
        text.lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn chunks_do_not_depend_on_the_order_they_are_drawn_in() {
        let world = World::new(SeasonShift::default());
        let draw = |index| {
            let mut rows = Vec::new();
            chunk(&world, SEED, index, 2 * CHUNK + 500, &mut rows);
            rows
        };
        let forward: Vec<_> = (0..3).map(draw).collect();
        let mut backward: Vec<_> = (0..3).rev().map(draw).collect();
        backward.reverse();
        assert!(forward == backward);
        assert_eq!(fields(&forward[2]).len(), 500);
        assert_eq!(fields(&forward[2])[0][0], "SYN-200001");
    }

    #[test]
    fn rows_have_the_headers_columns_and_lie_in_the_area() {
        let mut rows = Vec::new();
        chunk(
            &World::new(SeasonShift::default()),
            SEED,
            0,
            5_000,
            &mut rows,
        );
        let columns = HEADER.split(',').count();
        let e4 = |text: &str| text.replace('.', "").parse().unwrap();
        for row in fields(&rows) {
            assert_eq!(row.len(), columns);
            assert!(
                Sector::of(Point::new(e4(&row[3]), e4(&row[4]))).is_some(),
                "{row:?}"
            );
            let day = |i: usize| Day::parse_iso(&row[i]).unwrap();
            assert!(
                FIRST_DAY <= day(1) && day(1) <= day(2) && day(2) <= day(11),
                "{row:?}"
            );
            assert!(day(11) <= LAST_DAY, "{row:?}");
            assert!(KNOWN_TO.contains(&row[5].as_str()) && WHAT.contains(&row[6].as_str()));
        }
    }

    #[test]
    fn sexual_violence_is_never_placed_more_finely_than_near() {
        let mut rows = Vec::new();
        chunk(
            &World::new(SeasonShift::default()),
            SEED,
            0,
            20_000,
            &mut rows,
        );
        let rows = fields(&rows);
        let sexual: Vec<_> = rows
            .iter()
            .filter(|row| row[6] == "sexual violence")
            .collect();
        assert!(sexual.len() > 500);
        assert!(
            sexual
                .iter()
                .all(|row| row[5] != "point" && row[5] != "village")
        );
    }

    #[test]
    fn planted_counts_are_near_their_expectation() {
        let (world, n) = (World::new(SeasonShift::default()), 100_000);
        let mut draws = Draws::new(SEED, Purpose::SynthIncidents, 0);
        let mut counts = [0_u32; PROCESSES.len()];
        let mut in_window = [0_u32; PROCESSES.len()];
        for _ in 0..n {
            let (process, day) = world.event(&mut draws);
            let i = PROCESSES
                .iter()
                .position(|p| p.label == process.label)
                .unwrap();
            counts[i] += 1;
            if (crate::synth::calendar::WINDOW_FIRST..=crate::synth::calendar::WINDOW_LAST)
                .contains(&day)
            {
                in_window[i] += 1;
            }
        }
        for (i, process) in PROCESSES.iter().enumerate() {
            let not_counted: u32 = [0, 1, 8].iter().map(|&k: &usize| process.kinds[k]).sum();
            let all = world.expected_window(i, n) * 1000.0 / f64::from(1000 - not_counted);
            let off = (f64::from(in_window[i]) - all).abs() / all.sqrt();
            assert!(
                off < 4.5,
                "{}: {} against {all}",
                process.label,
                in_window[i]
            );
        }
        let emerging = PROCESSES
            .iter()
            .zip(counts)
            .filter(|(p, _)| p.planted == Planted::Emerging);
        assert_eq!(emerging.filter(|(_, count)| *count > 500).count(), 3);
    }

    #[test]
    fn broken_rows_break_one_rule_each() {
        let mut rows = Vec::new();
        broken(6_000, &mut rows);
        let rows = fields(&rows);
        assert_eq!(rows.len(), BROKEN.len());
        assert_eq!(rows[0][0], "SYN-006001");
        assert!(rows[0][3].parse::<f64>().unwrap() > 90.0);
        assert_eq!(Day::parse_iso(&rows[1][1]), None);
        assert!(Day::parse_iso(&rows[2][2]) < Day::parse_iso(&rows[2][1]));
        assert!(
            rows.iter()
                .all(|row| row.len() == HEADER.split(',').count())
        );
    }
}
