//! IOM Displacement Tracking Matrix: displaced persons present per area and round.

use std::path::Path;

use crate::base::code::DisplacementReason;
use crate::base::error::Result;
use crate::tables::{Displaced, Intake};

use super::pcodes::{PcodeColumns, pcode};
use super::reader::{Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

/// The export with its row of tags, and the API's answer saved as JSON.
///
/// One round may hold several rows of an area, told apart by origin and reason: they add up.
#[derive(Debug)]
pub(super) struct IomDtm;

struct Columns {
    areas: PcodeColumns,
    operation: Option<usize>,
    persons: usize,
    date: usize,
    round: Option<usize>,
    males: Option<usize>,
    females: Option<usize>,
    origin: Option<usize>,
    reason: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        let (persons, date) = (take("numPresentIdpInd")?, take("reportingDate")?);
        let areas: [&[&str]; 4] = [
            &["admin0Pcode"],
            &["admin1Pcode"],
            &["admin2Pcode"],
            &["admin3Pcode"],
        ];
        Ok(Self {
            areas: PcodeColumns::of(header, &areas),
            operation: header.take(&["operation"]),
            persons,
            date,
            round: header.take(&["roundNumber"]),
            males: header.take(&["numberMales"]),
            females: header.take(&["numberFemales"]),
            origin: header.take(&["idpOriginAdmin1Pcode"]),
            reason: header.take(&["displacementReason"]),
        })
    }
}

impl Source for IomDtm {
    fn name(&self) -> &'static str {
        "iom_dtm"
    }

    fn describe(&self) -> &'static str {
        "IOM DTM, displaced persons present per area and round, export or the API's answer as JSON"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table() && head.has(&["numPresentIdpInd", "reportingDate", "admin0Pcode"])
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let format = Format {
            source: self.name(),
            left_aside: &[],
            reading,
        };
        read_table(&format, path, intake, Columns::of, take)
    }
}

fn take(columns: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let (level, code) = columns.areas.finest(row)?;
    let date = row.day(columns.date)?;
    let count = |at: Option<usize>| at.map_or(Ok(None), |at| row.count(at));
    let origin = columns.origin.map_or(Ok(None), |at| pcode(row, at))?;
    let operation = columns
        .operation
        .map_or(Ok(None), |at| row.text_or_none(at))?;
    let reason = columns.reason.map(|at| row.bytes(at));
    intake.displacement.push(Displaced {
        source: IomDtm.name(),
        operation: operation.as_deref(),
        level: level.0,
        pcode: &code,
        first_day: date,
        last_day: date,
        round: count(columns.round)?,
        persons: row.counted(columns.persons)?,
        males: count(columns.males)?,
        females: count(columns.females)?,
        origin_pcode: origin.as_deref(),
        reason: reason
            .map_or(DisplacementReason::Unknown, |said| self::reason(&said))
            .code(),
    });
    Ok(())
}

/// IOM's own words for why people left.
fn reason(said: &[u8]) -> DisplacementReason {
    match said.to_ascii_lowercase().as_slice() {
        b"" | b"unknown" | b"not specified" => DisplacementReason::Unknown,
        b"conflict" | b"armed conflict" => DisplacementReason::Conflict,
        b"communal clashes" | b"communal clash" | b"intercommunal clashes" => {
            DisplacementReason::CommunalClash
        }
        b"natural disaster" | b"natural disasters" | b"disaster" => DisplacementReason::Disaster,
        _ => DisplacementReason::Other,
    }
}
