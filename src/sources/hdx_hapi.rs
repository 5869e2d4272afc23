//! HDX Humanitarian API: displaced persons present per area and reference period.

use std::path::Path;

use crate::base::code::DisplacementReason;
use crate::base::error::Result;
use crate::tables::{Displaced, Intake};

use super::pcodes::PcodeColumns;
use super::reader::{Fault, Format, Header, Row, read_table};
use super::{Head, Reading, Source};

/// The export of internally displaced persons, with its row of tags.
///
/// Its figures are IOM's own, brought into one form. A row that HDX itself marks as faulty is not taken.
#[derive(Debug)]
pub(super) struct HdxHapi;

struct Columns {
    areas: PcodeColumns,
    operation: Option<usize>,
    persons: usize,
    days: [usize; 2],
    round: Option<usize>,
    error: Option<usize>,
}

impl Columns {
    fn of(header: &mut Header) -> std::result::Result<Self, &'static str> {
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        let persons = take("population")?;
        let days = [
            take("reference_period_start")?,
            take("reference_period_end")?,
        ];
        let areas: [&[&str]; 3] = [&["location_code"], &["admin1_code"], &["admin2_code"]];
        Ok(Self {
            areas: PcodeColumns::of(header, &areas),
            operation: header.take(&["operation"]),
            persons,
            days,
            round: header.take(&["reporting_round"]),
            error: header.take(&["error"]),
        })
    }
}

impl Source for HdxHapi {
    fn name(&self) -> &'static str {
        "hdx_hapi"
    }

    fn describe(&self) -> &'static str {
        "HDX HAPI, displaced persons present per area and reference period"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        head.is_table()
            && head.has(&[
                "location_code",
                "admin2_code",
                "population",
                "reporting_round",
                "reference_period_start",
            ])
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
    if let Some(at) = columns.error.filter(|&at| !row.bytes(at).is_empty()) {
        return Row::unknown(at, "no error told by the publisher");
    }
    let (level, code) = columns.areas.finest(row)?;
    let first_day = row.day(columns.days[0])?;
    let operation = columns
        .operation
        .map_or(Ok(None), |at| row.text_or_none(at))?;
    intake.displacement.push(Displaced {
        source: HdxHapi.name(),
        operation: operation.as_deref(),
        level: level.0,
        pcode: &code,
        first_day,
        last_day: row.last_day(columns.days[1], first_day)?,
        round: columns.round.map_or(Ok(None), |at| row.count(at))?,
        persons: row.counted(columns.persons)?,
        males: None,
        females: None,
        origin_pcode: None,
        reason: DisplacementReason::Unknown.code(),
    });
    Ok(())
}
