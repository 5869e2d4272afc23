//! Communities that the invented mission's outreach may go to. No service is told, so that nobody is invited to
//! speak.

use super::sectors::Point;
use super::{DEMO_AS_OF, text};
use crate::base::day::Day;

pub(super) const HEADER: &str =
    "community,kind,date,latitude,longitude,languages,committee,people,last_session,SYNTHETIC\n";
/// Days before the night's day on which the list was made.
const AGE_DAYS: i32 = 80;

/// Name, kind, place, and the columns from `languages` to `people`.
const COMMUNITIES: [(&str, &str, Point, &str); 9] = [
    (
        "Batangafo",
        "farming_village",
        Point::new(73_008, 182_833),
        "fra sag,yes,16000",
    ),
    (
        "Bocaranga",
        "farming_village",
        Point::new(69_870, 156_560),
        "fra sag,yes,",
    ),
    ("Kabo", "mixed", Point::new(76_500, 186_167), "sag,no,9000"),
    (
        "Ndim",
        "farming_village",
        Point::new(72_833, 157_667),
        "sag,,",
    ),
    ("Ouandago", "mixed", Point::new(72_167, 188_333), "sag,yes,"),
    (
        "Taley",
        "farming_village",
        Point::new(66_745, 163_787),
        "sag,no,",
    ),
    (
        "SYNTHETIC camp by Kabo",
        "herder_camp",
        Point::new(77_100, 186_900),
        "ar ful sag,no,240",
    ),
    (
        "SYNTHETIC camp by Ndim",
        "herder_camp",
        Point::new(73_900, 157_200),
        "ful sag,,150",
    ),
    (
        "SYNTHETIC site by Kaga-Bandoro",
        "site",
        Point::new(69_960, 191_760),
        "fra sag,yes,5200",
    ),
];

/// The file of communities.
pub(super) fn rows(out: &mut Vec<u8>) {
    for (name, kind, at, more) in COMMUNITIES {
        out.extend_from_slice(format!("{name},{kind},").as_bytes());
        text::day(out, Day(DEMO_AS_OF.0 - AGE_DAYS));
        out.push(b',');
        text::point(out, at);
        out.extend_from_slice(format!(",{more},,yes\n").as_bytes());
    }
}
