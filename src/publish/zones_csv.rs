//! `zones.csv`: ranked zones for a spreadsheet, RFC 4180, with the label point in place of the shape.

use std::borrow::Cow;
use std::io::Write;

use super::zone_fields::{LABEL, Value, fields};
use super::{Layer, TierTables, cannot_write};
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct ZonesCsv;

const NAME: &str = "zones.csv";

impl Layer for ZonesCsv {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one line per zone, in order of rank, for a spreadsheet"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let fields = fields(tier).chain(LABEL);
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        csv.write_record(fields.clone().map(|field| field.name))
            .map_err(cannot_write(NAME))?;
        for zone in &tier.zones.rows {
            for field in fields.clone() {
                let text = text(field.value(zone, tier));
                csv.write_field(text.as_bytes())
                    .map_err(cannot_write(NAME))?;
            }
            csv.write_record(None::<&[u8]>)
                .map_err(cannot_write(NAME))?;
        }
        csv.flush().map_err(cannot_write(NAME))
    }
}

fn text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Text(text) => inert(text),
        Value::Whole(whole) => whole.to_string().into(),
        Value::Number(number) => number.to_string().into(),
        Value::Missing => "".into(),
    }
}

/// A text that a spreadsheet would run as a formula gets an apostrophe in front.
#[must_use]
pub fn inert(text: Cow<'_, str>) -> Cow<'_, str> {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']);
    if runs {
        format!("'{text}").into()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_inert_and_numbers_stay() {
        for payload in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1",
        ] {
            assert_eq!(
                text(Value::Text(payload.into())),
                format!("'{payload}"),
                "{payload:?}"
            );
        }
        assert_eq!(
            text(Value::Text("Bozoum, 12 km NE".into())),
            "Bozoum, 12 km NE"
        );
        assert_eq!(text(Value::Number(-1.5)), "-1.5");
    }
}
