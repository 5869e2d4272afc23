//! Tracks of patrols as `GPX` 1.0 and 1.1: cells and days, never points.
//!
//! Of a fix only its cell at [`Visits::RESOLUTION`] and its day in UTC are kept: a mission a few hours
//! east of Greenwich finds what a patrol did after its midnight under the day before. A fix without a
//! time is rejected, for a visit without a day is unknown. Waypoints and routes are plans or marks and
//! no visits; names, comments and descriptions are passed over. Cells between two fixes are not
//! guessed: where nothing was recorded nobody is known to have been.

mod track;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use h3o::LatLng;

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{Intake, Visit, Visits};

use super::reader::{
    Class, Column, Fault, Header, LAT, LON, Tally, checked_place, file_name, refuse_identifying,
    value,
};
use super::{Head, Reading, Source, Ways};
use track::{Fix, Track};

const TIME: &str = "a day and time such as 2021-01-12T06:30:00Z, 1970 to 2100";
const COLUMNS: [&str; 3] = ["lat", "lon", "time"];
/// How far the root element is looked for.
const HEAD_BYTES: u64 = 4096;
/// Elements of a track's own frame, which hold no value.
const FRAME: [&str; 4] = ["gpx", "trk", "trkseg", "trkpt"];
/// Who made a file and how to reach them is part of the format; it is passed over like all text.
const LEFT_ASIDE: [&str; 1] = ["email"];

/// Whether a file is `GPX`, by its first bytes.
pub(super) fn is_gpx(path: &Path) -> Result<bool> {
    let file = File::open(path).map_err(Error::io(path, "open the file"))?;
    let mut head = Vec::new();
    let read = file.take(HEAD_BYTES).read_to_end(&mut head);
    read.map_err(Error::io(path, "read the file"))?;
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    let holds = |tag: &[u8]| memchr::memmem::find(text, tag).is_some();
    Ok(text.trim_ascii_start().starts_with(b"<") && (holds(b"<gpx") || holds(b":gpx")))
}

/// `GPX` tracks.
#[derive(Debug)]
pub(super) struct Gpx;

impl Source for Gpx {
    fn name(&self) -> &'static str {
        "gpx"
    }

    fn describe(&self) -> &'static str {
        "tracks of patrols (GPX), of which cells and days are kept"
    }

    fn recognises(&self, head: &Head) -> bool {
        head.ways == Some(Ways::Tracks)
    }

    fn read(&self, path: &Path, _reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let mut track = Track::open(path)?;
        let mut fixes: BTreeMap<(Day, u64), u32> = BTreeMap::new();
        let mut tally = Tally::default();
        while let Some(fix) = track.next().map_err(|why| why.told(path))? {
            let visit = visit(&fix);
            tally.count(
                fix.line,
                visit.map(|visit| *fixes.entry(visit).or_default() += 1),
            );
        }
        let (names, digest) = track.close().map_err(Error::io(path, "read the file"))?;
        let left = names
            .into_iter()
            .filter(|name| !FRAME.contains(&name.as_str()));
        let columns = COLUMNS.iter().map(|&name| name.to_owned());
        let left = left.filter(|name| !COLUMNS.contains(&name.as_str()));
        let mut header = Header::new(columns.chain(left).collect());
        refuse_identifying(&header, &LEFT_ASIDE, path)?;
        for name in COLUMNS {
            header.take(&[name]);
        }
        for ((date, cell), fixes) in fixes {
            intake.visits.push(Visit {
                source: self.name(),
                date,
                cell,
                fixes,
            });
        }
        tally.close(self.name(), &file_name(path), digest, &header, intake);
        Ok(())
    }
}

/// The day and the cell of a fix.
fn visit(fix: &Fix) -> std::result::Result<(Day, u64), Fault> {
    let [lat, lon, time] = [0, 1, 2].map(Column::At);
    let number = |text: &Option<String>, column, expected| {
        let fault = |class| Fault::new(column, class, expected);
        let text = text.as_ref().ok_or(fault(Class::Missing))?;
        value::number(text.trim().as_bytes()).ok_or(fault(Class::NotANumber))
    };
    let lat_deg = number(&fix.lat, lat, LAT)?;
    let lon_deg = number(&fix.lon, lon, LON)?;
    let (lat_deg, lon_deg) = checked_place((lat, lat_deg), (lon, lon_deg))?;
    let fault = |class| Fault::new(time, class, TIME);
    let text = fix.time.as_ref().ok_or(fault(Class::Missing))?;
    let day = day(text.trim()).ok_or(fault(Class::NotADate))?;
    if !value::is_in_range(day) {
        return Err(fault(Class::OutOfRange));
    }
    let place = LatLng::new(lat_deg, lon_deg);
    let place = place.map_err(|_none| Fault::new(lat, Class::OutOfRange, LAT))?;
    Ok((day, place.to_cell(Visits::RESOLUTION).into()))
}

/// The day in UTC; a time without a zone is in UTC, as the format says.
fn day(text: &str) -> Option<Day> {
    const DAY_SECONDS: i64 = 86_400;
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return i32::try_from(instant.as_second().div_euclid(DAY_SECONDS))
            .ok()
            .map(Day);
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    Day::from_ymd(civil.year(), civil.month(), civil.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_told_in_utc() {
        let due = |text| Day::parse_iso(text);
        for (text, day_utc) in [
            ("2021-01-12T23:59:59Z", "2021-01-12"),
            ("2021-01-12T23:59:59.999Z", "2021-01-12"),
            ("2021-01-12T00:30:00+02:00", "2021-01-11"),
            ("2021-01-12T23:30:00-01:00", "2021-01-13"),
            ("2021-01-12T23:59:59", "2021-01-12"),
            ("2016-12-31T23:59:60Z", "2016-12-31"),
            ("1969-12-31T23:59:59Z", "1969-12-31"),
        ] {
            assert_eq!(day(text), due(day_utc), "{text}");
        }
        for text in [
            "",
            "2021-01-12T25:00:00Z",
            "2021-02-29T00:00:00Z",
            "12/01/2021",
            "noon",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
