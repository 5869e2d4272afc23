//! Corridors, roads, paths and rivers as lines: `GeoJSON` and `GeoPackage`, in our own words, in those
//! of OpenStreetMap and of OCHA's road layers.
//!
//! What a line is its properties say, or the mission: `constants = { kind = "corridor" }` in the
//! source's settings holds for every line of its files. Our own properties: `kind, name, class,
//! surface, seasonal, open_months, direction`.

mod words;

use std::path::Path;

use geo::{CoordsIter, MultiLineString};

use crate::base::code::{LineKind, RoadClass, Surface};
use crate::base::error::{Error, Result};
use crate::base::settings::{Problem, SourceSettings};
use crate::tables::{Intake, Line, Months};

use super::movements::compass_point;
use super::reader::{
    Class, Column, Fault, Header, Tally, checked_place, file_name, refuse_identifying,
};
use super::shapes::{self, Feature};
use super::{Head, Reading, Source, Ways, geopackage};

const KIND: &[&str] = &["kind"];
const WATERWAY: &[&str] = &["waterway"];
/// Columns whose words tell a road's class, and that it is one.
const CLASS: &[&str] = &[
    "class",
    "highway",
    "fclass",
    "ntlclass",
    "roadclass",
    "road_class",
];
const NAME: &[&str] = &["name", "rtenme", "hwyrtename", "road_name", "roadname"];
const SURFACE: &[&str] = &["surface", "surftype", "surface_type"];
const SEASONAL: &[&str] = &["seasonal", "isseasonal"];
const OPEN_MONTHS: &[&str] = &["open_months"];
const DIRECTION: &[&str] = &["direction"];
const ALL: [&[&str]; 8] = [
    KIND,
    WATERWAY,
    CLASS,
    NAME,
    SURFACE,
    SEASONAL,
    OPEN_MONTHS,
    DIRECTION,
];

const A_LINE: &str = "a line or lines of two or more points";
/// No way goes further in one step: it has crossed the edge of the map instead.
const FURTHEST_DEG: f64 = 180.0;

/// `GeoJSON` or `GeoPackage` lines.
#[derive(Debug)]
pub(super) struct Lines;

impl Source for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn describe(&self) -> &'static str {
        "corridors, roads, paths and rivers as lines, GeoJSON or GeoPackage"
    }

    fn recognises(&self, head: &Head) -> bool {
        head.ways == Some(Ways::Lines)
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let constant = constant(reading.settings, path)?;
        let features = if geopackage::is_sqlite(path)? {
            let asked = |name: &str| {
                ALL.concat()
                    .iter()
                    .any(|own| name.eq_ignore_ascii_case(own))
            };
            geopackage::read(path, &asked)?
        } else {
            shapes::read(path, reading)?
        };
        let mut header = Header::new(features.names);
        refuse_identifying(&header, &[], path)?;
        for name in ALL.concat() {
            header.take(&[name]);
        }
        let tells = |names: &[&str]| header.column(names) != Column::Row;
        if constant.is_none() && !tells(KIND) && !tells(WATERWAY) && !tells(CLASS) {
            return Err(Error::File {
                path: path.to_path_buf(),
                line: None,
                what: "no property that tells what its lines are".to_owned(),
                expected: "constants = { kind = \"corridor\" } or \"road\", \"path\", \"river\" \
                           with its [[source]]"
                    .to_owned(),
            });
        }
        let mut tally = Tally::default();
        for (record, feature) in (1..).zip(features.rows) {
            let line = line(feature, &header, constant);
            tally.count(record, line.map(|line| intake.lines.push(line)));
        }
        tally.close(
            self.name(),
            &file_name(path),
            features.digest,
            &header,
            intake,
        );
        Ok(())
    }
}

/// The kind that the mission gives all lines of a source.
fn constant(settings: &SourceSettings, path: &Path) -> Result<Option<LineKind>> {
    let kind = settings.constants.get("kind");
    let kind = kind.map(|name| (name, LineKind::from_name(name)));
    let problem = |path: String, found: &str, expected: &str| Problem {
        path,
        found: found.to_owned(),
        expected: expected.to_owned(),
    };
    let others = settings
        .constants
        .iter()
        .filter(|(ours, _)| *ours != "kind");
    let mut problems: Vec<Problem> = others
        .map(|(ours, word)| problem(format!("source.constants.{ours}"), word, "kind only"))
        .collect();
    if let Some((name, None)) = kind {
        let expected = "corridor, road, path or river";
        problems.push(problem("source.constants.kind".to_owned(), name, expected));
    }
    if problems.is_empty() {
        return Ok(kind.and_then(|(_, kind)| kind));
    }
    Err(Error::Settings {
        path: path.to_path_buf(),
        problems,
    })
}

fn line(
    feature: Feature,
    header: &Header,
    constant: Option<LineKind>,
) -> std::result::Result<Line, Fault> {
    let fault = |names, expected| Fault::new(header.column(names), Class::NotAValue, expected);
    let kind = kind(&feature, header, constant)?;
    let class = feature.text(CLASS).filter(|_| kind == LineKind::Road);
    let months = feature.text(OPEN_MONTHS).map(|text| {
        Months::parse(text).ok_or(fault(OPEN_MONTHS, "months, such as 11-3 or 1;2;12"))
    });
    let direction = feature.text(DIRECTION).map(|text| {
        compass_point(text).ok_or(fault(DIRECTION, "a compass point such as N, SW or SSE"))
    });
    let (open_months, direction) = (months.transpose()?, direction.transpose()?);
    let surface = feature.text(SURFACE);
    let surface = surface.map(|text| words::first(text, words::SURFACES).unwrap_or(Surface::Other));
    let name = feature.text(NAME).map(str::to_owned);
    let class = class.map(|text| words::first(text, words::CLASSES).unwrap_or(RoadClass::Other));
    let is_seasonal = feature.text(SEASONAL).and_then(words::is_seasonal);
    let shape = feature.line.unwrap_or(MultiLineString(Vec::new()));
    check(&shape)?;
    Ok(Line {
        kind,
        name,
        class,
        surface,
        is_seasonal,
        open_months,
        direction,
        shape,
    })
}

/// The mission's word stands over the file's.
fn kind(
    feature: &Feature,
    header: &Header,
    constant: Option<LineKind>,
) -> std::result::Result<LineKind, Fault> {
    const EXPECTED: &str = "corridor, road, path or river";
    if let Some(kind) = constant {
        return Ok(kind);
    }
    if let Some(name) = feature.text(KIND) {
        let fault = Fault::new(header.column(KIND), Class::NotAValue, EXPECTED);
        return LineKind::from_name(name).ok_or(fault);
    }
    if feature.text(WATERWAY).is_some() {
        return Ok(LineKind::River);
    }
    match feature.text(CLASS).map(str::to_lowercase) {
        Some(class) if words::PATHS.contains(&class.as_str()) => Ok(LineKind::Path),
        Some(class) if words::RIVERS.contains(&class.as_str()) => Ok(LineKind::River),
        Some(_) => Ok(LineKind::Road),
        None => {
            let column = [KIND, CLASS, WATERWAY].map(|names| header.column(names));
            let column = column.into_iter().find(|column| *column != Column::Row);
            let column = column.unwrap_or(Column::Row);
            Err(Fault::new(column, Class::Missing, EXPECTED))
        }
    }
}

fn check(shape: &MultiLineString<f64>) -> std::result::Result<(), Fault> {
    if shape.0.is_empty() || shape.iter().any(|line| line.0.len() < 2) {
        return Err(Fault::new(Column::Shape, Class::NoShape, A_LINE));
    }
    for point in shape.coords_iter() {
        checked_place((Column::Shape, point.y), (Column::Shape, point.x))?;
    }
    let jumps = |step: geo::Line<f64>| (step.end.x - step.start.x).abs() > FURTHEST_DEG;
    if shape.iter().flat_map(geo::LineString::lines).any(jumps) {
        let expected = "steps of at most 180 degrees; cut a line at the edge of the map";
        return Err(Fault::new(Column::Shape, Class::Jump, expected));
    }
    Ok(())
}
