//! What is planted: every process of the generated world, with its place, season, level and kinds.

use super::calendar::{
    DRY_SEASON, DRY_SPOT, ENTRY, FIRST_DAY, FLAT, HALF_WAY, HARVEST, LAST_DAY, Profile, SOUTHERN,
    WINDOW_FIRST,
};
use super::sectors::{Point, Sector};
use crate::base::day::Day;

/// What sort of process is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planted {
    /// Everywhere, a little.
    Background,
    /// The same level all year, every year.
    Persistent,
    /// Herds on a corridor, every year alike.
    SeasonalCorridor,
    /// Fields before harvest, every year alike.
    SeasonalFields,
    /// A market that is tense every dry season, every year alike.
    SeasonalSpot,
    /// Far above the same weeks of past years since the window began.
    Emerging,
    /// Was far above in the season before, and is over.
    Ended,
    /// A burst of reports known to a district only: no place can be named.
    Coarse,
}

impl Planted {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Background => "background",
            Self::Persistent => "persistent",
            Self::SeasonalCorridor => "seasonal_corridor",
            Self::SeasonalFields => "seasonal_fields",
            Self::SeasonalSpot => "seasonal_spot",
            Self::Emerging => "emerging",
            Self::Ended => "ended",
            Self::Coarse => "coarse",
        }
    }
}

/// Where a process happens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Anywhere in the area.
    Everywhere,
    /// Within a radius of a point, denser near it.
    Around(Point, i32),
    /// Within a distance of the straight line between two points.
    Along(Point, Point, i32),
    /// Anywhere in one sector, and known to that sector only.
    Somewhere(Sector),
}

/// A time in which a process differs from its season by a factor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) first: Day,
    pub(super) last: Day,
    pub(super) factor: f64,
}

/// Permille of incidents of each kind, in the order of `base::code::Kind`.
pub(super) type Kinds = [u32; 9];

/// One planted process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Process {
    pub(super) planted: Planted,
    pub(super) label: &'static str,
    pub(super) place: Place,
    pub(super) profile: Profile,
    /// Incidents in eight weeks at the full level of the season, at the demo's size.
    pub(super) per_eight_weeks: f64,
    pub(super) changes: &'static [Change],
    pub(super) kinds: Kinds,
}

//                     battle clash attack sexual abduct loot raid crops other
const COMMON: Kinds = [60, 80, 270, 80, 100, 180, 110, 80, 40];
const HERDING: Kinds = [10, 110, 200, 70, 80, 80, 230, 200, 20];
const ARMED: Kinds = [60, 60, 330, 130, 140, 220, 40, 0, 20];
const PREDATORY: Kinds = [0, 40, 360, 160, 160, 180, 100, 0, 0];
const CROPS: Kinds = [0, 40, 60, 20, 20, 20, 90, 740, 10];

const MOYENNE_SIDO: Point = Point::new(82_245, 187_132);
const KABO: Point = Point::new(76_500, 186_167);
const BATANGAFO: Point = Point::new(73_008, 182_833);
const BOUCA: Point = Point::new(65_105, 182_733);
const BEMAL: Point = Point::new(75_833, 166_333);
const PAOUA: Point = Point::new(72_439, 164_397);
const TALEY: Point = Point::new(66_745, 163_787);
const BOZOUM: Point = Point::new(63_172, 163_783);

const fn change(first: i32, last: i32, factor: f64) -> Change {
    Change {
        first: Day(first),
        last: Day(last),
        factor,
    }
}

const fn process(
    planted: Planted,
    label: &'static str,
    place: Place,
    (profile, per_eight_weeks, kinds): (Profile, f64, Kinds),
    changes: &'static [Change],
) -> Process {
    Process {
        planted,
        label,
        place,
        profile,
        per_eight_weeks,
        changes,
        kinds,
    }
}

const fn corridor(label: &'static str, from: Point, to: Point, profile: Profile) -> Process {
    let place = Place::Along(from, to, 6_000);
    process(
        Planted::SeasonalCorridor,
        label,
        place,
        (profile, 14.0, HERDING),
        &[],
    )
}

const fn persistent(label: &'static str, centre: Point) -> Process {
    let place = Place::Around(centre, 10_000);
    process(Planted::Persistent, label, place, (FLAT, 6.0, ARMED), &[])
}

const fn fields(label: &'static str, centre: Point) -> Process {
    let place = Place::Around(centre, 14_000);
    process(
        Planted::SeasonalFields,
        label,
        place,
        (HARVEST, 9.0, CROPS),
        &[],
    )
}

const fn emerging(
    label: &'static str,
    centre: Point,
    usual: f64,
    changes: &'static [Change],
) -> Process {
    let place = Place::Around(centre, 12_000);
    process(
        Planted::Emerging,
        label,
        place,
        (HALF_WAY, usual, PREDATORY),
        changes,
    )
}

const FROM_WINDOW_ON_6: &[Change] = &[change(WINDOW_FIRST.0, LAST_DAY.0, 6.0)];
const FROM_WINDOW_ON_8: &[Change] = &[change(WINDOW_FIRST.0, LAST_DAY.0, 8.0)];
const FROM_WINDOW_ON_5: &[Change] = &[change(WINDOW_FIRST.0, LAST_DAY.0, 5.0)];
const FROM_WINDOW_ON_16: &[Change] = &[change(WINDOW_FIRST.0, LAST_DAY.0, 16.0)];
/// 2023-11-27 to 2024-03-31, then nearly nothing.
const ONE_SEASON_THEN_OVER: &[Change] = &[
    change(19_688, 19_813, 7.0),
    change(19_814, LAST_DAY.0, 0.25),
];

/// Every planted process. The background comes first; its level fills the demo up to its size.
pub(super) const PROCESSES: [Process; 18] = [
    process(
        Planted::Background,
        "whole area",
        Place::Everywhere,
        (DRY_SEASON, 0.0, COMMON),
        &[],
    ),
    corridor(
        "eastern corridor, Moyenne-Sido to Kabo",
        MOYENNE_SIDO,
        KABO,
        ENTRY,
    ),
    corridor(
        "eastern corridor, Kabo to Batangafo",
        KABO,
        BATANGAFO,
        HALF_WAY,
    ),
    corridor(
        "eastern corridor, Batangafo to Bouca",
        BATANGAFO,
        BOUCA,
        SOUTHERN,
    ),
    corridor("western corridor, Bemal to Paoua", BEMAL, PAOUA, ENTRY),
    corridor("western corridor, Paoua to Taley", PAOUA, TALEY, HALF_WAY),
    corridor("western corridor, Taley to Bozoum", TALEY, BOZOUM, SOUTHERN),
    fields("fields south of Nana-Bakassa", Point::new(68_600, 172_800)),
    fields("fields west of Bossangoa", Point::new(65_200, 171_600)),
    process(
        Planted::SeasonalSpot,
        "cattle market at Batangafo",
        Place::Around(BATANGAFO, 9_000),
        (DRY_SPOT, 26.0, HERDING),
        &[],
    ),
    persistent("road near Bocaranga", Point::new(69_833, 156_500)),
    persistent("outskirts of Kaga-Bandoro", Point::new(69_833, 191_833)),
    persistent("road near Markounda", Point::new(76_000, 169_300)),
    emerging(
        "axis near Ouandago",
        Point::new(72_167, 188_700),
        4.0,
        FROM_WINDOW_ON_6,
    ),
    emerging(
        "villages near Kouki",
        Point::new(71_576, 173_400),
        3.0,
        FROM_WINDOW_ON_8,
    ),
    emerging(
        "villages near Ndim",
        Point::new(72_833, 157_667),
        5.0,
        FROM_WINDOW_ON_5,
    ),
    process(
        Planted::Ended,
        "road near Dekoa",
        Place::Around(Point::new(63_200, 190_800), 12_000),
        (HALF_WAY, 3.5, PREDATORY),
        ONE_SEASON_THEN_OVER,
    ),
    process(
        Planted::Coarse,
        "reports known to their district only",
        Place::Somewhere(Sector { strip: 4, row: 2 }),
        (FLAT, 1.0, PREDATORY),
        FROM_WINDOW_ON_16,
    ),
];

impl Process {
    /// Whether a detector that knows the season should raise it at the as-of date.
    pub(super) fn should_raise(&self) -> bool {
        self.planted == Planted::Emerging
    }

    /// First and last day on which the process is what it is called.
    pub(super) fn days(&self) -> (Day, Day) {
        self.changes
            .first()
            .map_or((FIRST_DAY, LAST_DAY), |change| (change.first, change.last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_kinds_are_whole() {
        for process in &PROCESSES {
            assert_eq!(process.kinds.iter().sum::<u32>(), 1000, "{}", process.label);
        }
    }

    #[test]
    fn the_season_that_ended_has_the_dates_it_says() {
        let day = |text| Day::parse_iso(text).unwrap();
        let [during, after] = ONE_SEASON_THEN_OVER else {
            unreachable!()
        };
        assert_eq!(
            (during.first, during.last),
            (day("2023-11-27"), day("2024-03-31"))
        );
        assert_eq!(after.first.0, during.last.0 + 1);
    }

    #[test]
    fn planted_places_lie_in_the_area_with_their_radius() {
        for process in &PROCESSES {
            let ends = match process.place {
                Place::Around(centre, radius_m) => vec![(centre, radius_m)],
                Place::Along(from, to, width_m) => vec![(from, width_m), (to, width_m)],
                Place::Everywhere | Place::Somewhere(_) => Vec::new(),
            };
            for (centre, radius_m) in ends {
                let step_e4 = radius_m * 10 / 110;
                for (north, east) in [(step_e4, 0), (-step_e4, 0), (0, step_e4), (0, -step_e4)] {
                    assert!(
                        Sector::of(centre.moved(north, east)).is_some(),
                        "{}",
                        process.label
                    );
                }
            }
        }
    }

    #[test]
    fn spots_to_be_raised_stand_apart_from_each_other_and_from_those_that_are_not() {
        let spots = PROCESSES.iter().filter_map(|process| match process.place {
            Place::Around(centre, radius_m) => Some((process, centre, f64::from(radius_m) / 1e3)),
            _ => None,
        });
        let spots: Vec<_> = spots.collect();
        for (a, at, radius_km) in spots.iter().filter(|(a, ..)| a.should_raise()) {
            for (b, other_at, other_km) in spots.iter().filter(|(b, ..)| b.label != a.label) {
                let apart_km = at.km_to(*other_at) - radius_km - other_km;
                assert!(apart_km > 5.0, "{} and {}: {apart_km} km", a.label, b.label);
            }
        }
    }
}
