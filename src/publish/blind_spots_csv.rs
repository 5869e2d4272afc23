//! `blind_spots.csv`: where reports are usual and nothing is heard, RFC 4180.

use std::io::Write;

use arrow::array::{Array, Float64Array};
use h3o::{CellIndex, LatLng};

use super::{Layer, TierTables, cannot_write};
use crate::base::code::SilenceKind;
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct BlindSpotsCsv;

const NAME: &str = "blind_spots.csv";

/// Columns of every line; a mission whose data are invented has one more.
const COLUMNS: [&str; 11] = [
    "hex_id",
    "lat",
    "lon",
    "kind",
    "days_since_contact",
    "observed",
    "expected",
    "p",
    "p_bh",
    "disclosure",
    "run_digest",
];

impl Layer for BlindSpotsCsv {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one line per silent cell, those where most is expected first: unknown, not safe"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let silences = &tier.reporting.silences;
        let mut rows: Vec<usize> = (0..silences.len()).collect();
        let expected = silences.expected();
        rows.sort_by(|&a, &b| {
            let higher = expected.value(b).total_cmp(&expected.value(a));
            higher.then(silences.cell().value(a).cmp(&silences.cell().value(b)))
        });
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let notice = tier.notice();
        let head = COLUMNS.into_iter().chain(notice.map(|_| "notice"));
        csv.write_record(head).map_err(cannot_write(NAME))?;
        for row in rows {
            csv.write_record(line(tier, row).into_iter().chain(notice.map(str::to_owned)))
                .map_err(cannot_write(NAME))?;
        }
        csv.flush().map_err(cannot_write(NAME))
    }
}

fn line(tier: &TierTables<'_>, row: usize) -> [String; COLUMNS.len()] {
    let silences = &tier.reporting.silences;
    let id = silences.cell().value(row);
    let cell = CellIndex::try_from(id).ok();
    let centre = cell.map(LatLng::from);
    let degrees = |of: fn(LatLng) -> f64| centre.map_or(String::new(), |at| six(of(at)));
    let measure = |column: &Float64Array| {
        let known = column.is_valid(row);
        known.then(|| six(column.value(row))).unwrap_or_default()
    };
    let kind = SilenceKind::from_code(silences.kind().value(row));
    let days = silences.days_since_contact();
    let days = days.is_valid(row).then(|| days.value(row).to_string());
    [
        cell.map_or(String::new(), |cell| cell.to_string()),
        degrees(LatLng::lat),
        degrees(LatLng::lng),
        kind.map_or("", SilenceKind::name).to_owned(),
        days.unwrap_or_default(),
        measure(silences.observed()),
        measure(silences.expected()),
        measure(silences.p()),
        measure(silences.p_bh()),
        tier.disclosure.to_owned(),
        tier.run_digest.to_owned(),
    ]
}

/// Six decimals, as in every layer.
fn six(number: f64) -> String {
    ((number * 1e6).round() / 1e6 + 0.0).to_string()
}
