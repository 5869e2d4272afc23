//! What was read of services, bases, lines and tracks: one line a source, none for one without rows.

use std::collections::BTreeSet;

use arrow::array::Array;
use geo::{Haversine, Length};

use super::{Finding, Level};
use crate::base::code::{LineKind, Observable};
use crate::base::day::Day;
use crate::sources;
use crate::tables::{Area, Bases, Line, Observations, Services, Visits};

/// How far from the boundaries a base still matters.
const MARGIN_KM: f64 = 50.0;

/// What is around the incidents.
pub(super) struct Around<'a> {
    pub(super) services: Services,
    pub(super) bases: Bases,
    pub(super) lines: &'a [Line],
    pub(super) visits: Visits,
    pub(super) observations: Observations,
    pub(super) areas: &'a [Area],
}

/// Whether something is open is told for the day of the newest incident: `check` has no other day,
/// and the data have no later one.
pub(super) fn told(around: &Around<'_>, newest: Option<Day>) -> Vec<Finding> {
    let told = [
        services(&around.services, around.areas, newest),
        bases(&around.bases, around.areas, newest),
        lines(around.lines),
        visits(&around.visits),
        observations(&around.observations, around.areas),
    ];
    told.into_iter().flatten().collect()
}

fn open(word: &str, n_open: usize, newest: Option<Day>) -> String {
    newest.map_or(String::new(), |day| {
        format!(", {n_open} {word} on {day}, the day of the newest incident")
    })
}

fn services(services: &Services, areas: &[Area], newest: Option<Day>) -> Option<Finding> {
    if services.is_empty() {
        return None;
    }
    let known: BTreeSet<&str> = areas.iter().map(|area| area.pcode.as_str()).collect();
    let (admin1, admin2) = (services.admin1_pcode(), services.admin2_pcode());
    let rows = 0..services.len();
    let is_coded = |&row: &usize| admin1.is_valid(row) || admin2.is_valid(row);
    let is_known = |&row: &usize| {
        [admin1, admin2]
            .iter()
            .any(|codes| codes.is_valid(row) && known.contains(codes.value(row)))
    };
    let n_points = rows.len() - services.lat_deg().null_count();
    let n_coded = rows.clone().filter(is_coded).count();
    let n_known = rows.clone().filter(is_known).count();
    let n_open = newest.map_or(0, |day| {
        rows.clone()
            .filter(|&row| services.is_open(row, day))
            .count()
    });
    let what = format!(
        "services: {} rows, {n_points} with coordinates, {n_coded} with a P-code, {n_known} of these \
         among the boundaries{}",
        rows.len(),
        open("open", n_open, newest)
    );
    Some(if n_known < n_coded {
        let fix = "use the P-codes of the boundaries, or add the boundaries that the others are of";
        Finding::new(Level::Warning, what, fix)
    } else {
        Finding::new(Level::Ok, what, "")
    })
}

fn bases(bases: &Bases, areas: &[Area], newest: Option<Day>) -> Option<Finding> {
    if bases.is_empty() {
        return None;
    }
    let all = format!("bases: {} rows", bases.len());
    let Some(area) = sources::enclosed(areas) else {
        return Some(Finding::new(Level::Ok, all, ""));
    };
    let near: Vec<usize> = bases.within(area, MARGIN_KM).collect();
    let place = |&row: &usize| {
        let degrees = [bases.lat_deg().value(row), bases.lon_deg().value(row)];
        (bases.name().value(row), degrees.map(f64::to_bits))
    };
    let n_near = near.iter().map(place).collect::<BTreeSet<_>>().len();
    let stands = |row: &&usize| newest.is_some_and(|day| bases.is_open(**row, day));
    let n_open = near
        .iter()
        .filter(stands)
        .map(place)
        .collect::<BTreeSet<_>>()
        .len();
    let what = format!(
        "{all}, {} of them, of {n_near} bases, within {MARGIN_KM} km of the boundaries{}",
        near.len(),
        open("standing", n_open, newest)
    );
    Some(if near.is_empty() {
        Finding::new(Level::Warning, what, "add the bases of this mission")
    } else {
        Finding::new(Level::Ok, what, "")
    })
}

fn lines(lines: &[Line]) -> Option<Finding> {
    if lines.is_empty() {
        return None;
    }
    let told = LineKind::ALL.iter().filter_map(|&kind| {
        let mut of_kind = lines.iter().filter(|line| line.kind == kind).peekable();
        of_kind.peek()?;
        let lengths_km = of_kind.map(|line| Haversine.length(&line.shape) / 1000.0);
        let (n, length_km) = lengths_km.fold((0, 0.0), |(n, sum), km| (n + 1, sum + km));
        Some(format!("{n} of kind {} ({length_km:.0} km)", kind.name()))
    });
    let told: Vec<String> = told.collect();
    let what = format!("lines: {}", told.join(", "));
    Some(Finding::new(Level::Ok, what, ""))
}

fn visits(visits: &Visits) -> Option<Finding> {
    let days = visits.date().values();
    let (first, last) = (days.iter().min()?, days.iter().max()?);
    let n_cells = visits.cell().values().iter().collect::<BTreeSet<_>>().len();
    let n_days = days.iter().collect::<BTreeSet<_>>().len();
    let n_fixes: u64 = visits.fixes().values().iter().map(|&n| u64::from(n)).sum();
    let what = format!(
        "gpx: {n_fixes} fixes of tracks in {n_cells} cells on {n_days} days, {} to {}",
        Day(*first),
        Day(*last)
    );
    Some(Finding::new(Level::Ok, what, ""))
}

fn observations(observations: &Observations, areas: &[Area]) -> Option<Finding> {
    if observations.is_empty() {
        return None;
    }
    let known: BTreeSet<String> = areas.iter().map(|area| area.pcode.to_uppercase()).collect();
    let codes: Vec<&str> = observations.pcode().iter().flatten().collect();
    let n_known = codes
        .iter()
        .filter(|code| known.contains(&code.to_uppercase()))
        .count();
    let kinds: BTreeSet<u8> = observations.indicator().values().iter().copied().collect();
    let names: Vec<&str> = kinds
        .into_iter()
        .filter_map(|code| Some(Observable::from_code(code)?.name()))
        .collect();
    let what = format!(
        "observations: {} rows of {}, {} with a P-code, {n_known} of these among the boundaries",
        observations.len(),
        names.join(" "),
        codes.len()
    );
    Some(if n_known < codes.len() {
        let fix = "use the P-codes of the boundaries, or add the boundaries that the others are of";
        Finding::new(Level::Warning, what, fix)
    } else {
        Finding::new(Level::Ok, what, "")
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::settings::{Limits, SourceSettings};
    use crate::sources::Reading;
    use crate::tables::{Intake, Level as AdminLevel};

    fn read(files: &[&str]) -> Intake {
        let mut intake = Intake::default();
        for file in files {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures/sources")
                .join(file);
            let kind = file.split('/').next();
            let source = sources::ALL
                .iter()
                .find(|source| Some(source.name()) == kind);
            let reading = Reading {
                settings: &SourceSettings::default(),
                limits: &Limits::default(),
                area: None,
                as_of: None,
                helper: None,
            };
            source.unwrap().read(&path, &reading, &mut intake).unwrap();
        }
        intake
    }

    fn lines_of(intake: Intake, areas: &[Area], newest: &str) -> Vec<(Level, String)> {
        let around = Around {
            services: intake.services.finish(),
            bases: intake.bases.finish(),
            lines: &intake.lines,
            visits: intake.visits.finish(),
            observations: intake.observations.finish(),
            areas,
        };
        let found = told(&around, Day::parse_iso(newest));
        found
            .into_iter()
            .map(|finding| (finding.level, finding.what))
            .collect()
    }

    fn area(pcode: &str, west_deg: f64) -> Area {
        let shape = geo::Rect::new((west_deg, 6.0), (west_deg + 1.0, 7.0)).to_polygon();
        Area {
            level: AdminLevel(1),
            pcode: pcode.to_owned(),
            name: "SYNTHETIC".to_owned(),
            iso3: None,
            shape: shape.into(),
        }
    }

    #[test]
    fn nothing_is_told_of_sources_without_rows() {
        assert!(lines_of(Intake::default(), &[], "").is_empty());
    }

    #[test]
    fn each_source_is_told_in_one_line() {
        let files = [
            "services/own.csv",
            "bases/own.csv",
            "lines/osm.geojson",
            "gpx/patrol.gpx",
        ];
        let areas = [area("XX91", 21.0), area("XX92", 22.0)];
        let due = [
            "services: 4 rows, 2 with coordinates, 3 with a P-code, 3 of these among the boundaries, \
             4 open on 2021-02-01, the day of the newest incident",
            "bases: 2 rows, 2 of them, of 2 bases, within 50 km of the boundaries, \
             2 standing on 2021-02-01, the day of the newest incident",
            // Each of 0.5565 and 0.8995 degrees of 111.195 km.
            "lines: 3 of kind road (486 km), 1 of kind path (162 km), 1 of kind river (162 km)",
            "gpx: 5 fixes of tracks in 2 cells on 2 days, 2021-01-12 to 2021-01-13",
        ];
        let told = lines_of(read(&files), &areas, "2021-02-01");
        assert_eq!(told, due.map(|line| (Level::Ok, line.to_owned())));
    }

    #[test]
    fn codes_of_no_boundary_and_bases_far_away_are_warned_of() {
        let files = [
            "services/own.csv",
            "bases/own.csv",
            "observations/short.csv",
        ];
        let told = lines_of(read(&files), &[area("XX91", 91.0)], "2021-04-01");
        let due = [
            "services: 4 rows, 2 with coordinates, 3 with a P-code, 2 of these among the boundaries, \
             3 open on 2021-04-01, the day of the newest incident",
            "bases: 2 rows, 0 of them, of 0 bases, within 50 km of the boundaries, \
             0 standing on 2021-04-01, the day of the newest incident",
            "observations: 2 rows of B6 C7, 2 with a P-code, 0 of these among the boundaries",
        ];
        assert_eq!(told, due.map(|line| (Level::Warning, line.to_owned())));
    }
}
