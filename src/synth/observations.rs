//! What the invented mission observes itself of indicators. Nothing in it follows from what is planted.

use super::sectors::{Point, Sector};
use super::{DEMO_AS_OF, text};
use crate::base::day::Day;

pub(super) const HEADER: &str = "indicator,date,latitude,longitude,place_precision,pcode,value,baseline,\
sources,expires,due,SYNTHETIC\n";

/// Where a row stands.
enum Place {
    At(Point),
    Sector(Point),
    Mission,
}

/// One observation: how long before the night's day, and the columns from `value` on.
struct Seen {
    indicator: &'static str,
    days_before: i32,
    place: Place,
    value: &'static str,
    baseline: &'static str,
    sources: u32,
    /// Days from the night's day to the last day that it stands for.
    expires_days: Option<i32>,
    due_days: Option<i32>,
}

const fn seen(
    indicator: &'static str,
    days_before: i32,
    place: Place,
    value: &'static str,
) -> Seen {
    Seen {
        indicator,
        days_before,
        place,
        value,
        baseline: "",
        sources: 1,
        expires_days: None,
        due_days: None,
    }
}

const fn against(seen: Seen, baseline: &'static str, sources: u32) -> Seen {
    Seen {
        baseline,
        sources,
        ..seen
    }
}

const BATANGAFO: Point = Point::new(73_008, 182_833);
const BOCARANGA: Point = Point::new(69_870, 156_560);
const KABO: Point = Point::new(76_500, 186_167);
const KAGA_BANDORO: Point = Point::new(69_960, 191_760);
const NDIM: Point = Point::new(72_833, 157_667);
const OUANDAGO: Point = Point::new(72_167, 188_333);
const PAOUA: Point = Point::new(72_439, 164_397);
const TALEY: Point = Point::new(66_745, 163_787);

const OBSERVATIONS: [Seen; 16] = [
    against(seen("A4", 11, Place::At(OUANDAGO), "3"), "0.8", 2),
    seen("A5", 20, Place::Sector(NDIM), "yes"),
    seen("C2", 45, Place::At(KAGA_BANDORO), "yes"),
    against(seen("C4", 30, Place::At(KABO), "3.5"), "2", 1),
    against(seen("D1", 9, Place::At(NDIM), "0.18"), "0.46", 2),
    against(seen("D1", 37, Place::At(NDIM), "0.41"), "0.46", 2),
    against(seen("D2", 25, Place::At(TALEY), "0.4"), "0.44", 1),
    seen("D4", 16, Place::Sector(OUANDAGO), "yes"),
    against(seen("D5", 6, Place::At(NDIM), "1"), "", 2),
    seen("E8", 13, Place::At(BATANGAFO), "no"),
    seen("E9", 10, Place::At(KAGA_BANDORO), "12"),
    Seen {
        due_days: Some(63),
        ..seen("F1", 120, Place::Mission, "yes")
    },
    Seen {
        expires_days: Some(200),
        ..seen("H1", 40, Place::Sector(BATANGAFO), "yes")
    },
    // Over: it must not count.
    Seen {
        expires_days: Some(-30),
        ..seen("H1", 300, Place::Sector(NDIM), "yes")
    },
    against(seen("H2", 12, Place::At(PAOUA), "0.9"), "0.7", 1),
    seen("H3", 50, Place::Sector(BATANGAFO), "yes"),
];

/// Price of the staple at one market, each February of six years.
const PRICES: [&str; 6] = ["310", "285", "330", "300", "320", "455"];
const DAYS_PER_YEAR: i32 = 365;

/// The file of observations; returns their number.
pub(super) fn rows(out: &mut Vec<u8>) -> u64 {
    for one in &OBSERVATIONS {
        row(one, out);
    }
    let years = (0..).zip(PRICES.iter().rev());
    for (year, price) in years {
        // The first of February, but for leap days.
        let place = Place::At(BOCARANGA);
        row(&seen("E5", 1 + year * DAYS_PER_YEAR, place, price), out);
    }
    (OBSERVATIONS.len() + PRICES.len()) as u64
}

fn row(seen: &Seen, out: &mut Vec<u8>) {
    let day = |days: i32, out: &mut Vec<u8>| text::day(out, Day(DEMO_AS_OF.0 + days));
    out.extend_from_slice(seen.indicator.as_bytes());
    out.push(b',');
    day(-seen.days_before, out);
    out.push(b',');
    match seen.place {
        Place::At(point) => {
            text::point(out, point);
            out.extend_from_slice(b",town,");
        }
        Place::Sector(point) => {
            let pcode = Sector::of(point).map(Sector::pcode).unwrap_or_default();
            out.extend_from_slice(format!(",,,{pcode}").as_bytes());
        }
        Place::Mission => out.extend_from_slice(b",,,"),
    }
    let Seen {
        value,
        baseline,
        sources,
        ..
    } = seen;
    out.extend_from_slice(format!(",{value},{baseline},{sources},").as_bytes());
    if let Some(days) = seen.expires_days {
        day(days, out);
    }
    out.push(b',');
    if let Some(days) = seen.due_days {
        day(days, out);
    }
    out.extend_from_slice(b",yes\n");
}
