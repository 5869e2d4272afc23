//! `zones_en.xlsx`, `zones_fr.xlsx`: ranked zones and their reasons as a workbook, headers in the reader's language.
//!
//! Texts are written as texts, so that none is run as a formula; the first row stays and filters are on.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

use super::markup::plain;
use super::svg::marking;
use super::words::{Lang, Words};
use super::zone_fields::{Value, fields};
use super::{Layer, TierTables, cannot_write};
use crate::base::error::Result;
use crate::tables::{Reason, Zone};

/// The workbook of one language.
#[derive(Debug)]
pub(super) struct ZonesXlsx {
    lang: Lang,
    name: &'static str,
    what: &'static str,
}

/// In English.
pub(super) const ENGLISH: ZonesXlsx = ZonesXlsx {
    lang: Lang::En,
    name: "zones_en.xlsx",
    what: "one row per zone and one per reason, for a spreadsheet, headers in English",
};

/// In French.
pub(super) const FRENCH: ZonesXlsx = ZonesXlsx {
    lang: Lang::Fr,
    name: "zones_fr.xlsx",
    what: "one row per zone and one per reason, for a spreadsheet, headers in French",
};

/// Most characters of a cell that spreadsheets take.
const MOST: usize = 32_000;

impl Layer for ZonesXlsx {
    fn file_name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> &'static str {
        self.what
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let words = Words::of(self.lang)?;
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_ymd(1980, 1, 1).map_err(cannot_write(self.name))?;
        let about = DocProperties::new()
            .set_creation_datetime(&made)
            .set_title(&*plain(&tier.mission.name))
            .set_comment(marking(tier, &words));
        book.set_properties(&about);
        let zones = book.add_worksheet();
        zones
            .set_name(words.say("sheet-zones"))
            .map_err(cannot_write(self.name))?;
        self.zones(zones, tier, &words)?;
        let reasons = book.add_worksheet();
        reasons
            .set_name(words.say("sheet-reasons"))
            .map_err(cannot_write(self.name))?;
        self.reasons(reasons, tier, &words)?;
        let bytes = book.save_to_buffer().map_err(cannot_write(self.name))?;
        out.write_all(&bytes).map_err(cannot_write(self.name))
    }
}

impl ZonesXlsx {
    fn zones(&self, sheet: &mut Worksheet, tier: &TierTables<'_>, words: &Words) -> Result<()> {
        let heads = fields(tier).map(|field| {
            let said = words.known(&format!("field-{}", field.name));
            said.unwrap_or_else(|| field.name.to_owned())
        });
        let rows = u32::try_from(tier.zones.rows.len()).unwrap_or(u32::MAX);
        self.head(sheet, (heads.collect(), rows), &marking(tier, words))?;
        for (row, zone) in (1..).zip(&tier.zones.rows) {
            for (column, field) in (0..).zip(fields(tier)) {
                match field.value(zone, tier) {
                    Value::Text(text) => self.text(sheet, (row, column), &text)?,
                    #[allow(
                        clippy::cast_precision_loss,
                        reason = "ranks, counts and days are small"
                    )]
                    Value::Whole(whole) => self.number(sheet, (row, column), whole as f64)?,
                    Value::Number(number) => self.number(sheet, (row, column), number)?,
                    Value::Missing => {}
                }
            }
        }
        Ok(())
    }

    fn reasons(&self, sheet: &mut Worksheet, tier: &TierTables<'_>, words: &Words) -> Result<()> {
        let heads = ["zone_id", "rank", "name"].map(|name| words.say(&format!("field-{name}")));
        let heads = heads.into_iter().chain(
            ["sheet-side", "sheet-code", "sheet-meaning", "sheet-figures"]
                .map(|key| words.say(key)),
        );
        let all: Vec<(&Zone, &str, &Reason)> = tier.zones.rows.iter().flat_map(told).collect();
        let rows = u32::try_from(all.len()).unwrap_or(u32::MAX);
        self.head(sheet, (heads.collect(), rows), &marking(tier, words))?;
        for (row, (zone, side, reason)) in (1..).zip(all) {
            self.text(sheet, (row, 0), &zone.zone_id)?;
            if let Some(standing) = zone.standing {
                self.number(sheet, (row, 1), standing.rank.into())?;
            }
            let meaning = words
                .known(&format!("reason-{}", reason.code))
                .unwrap_or_default();
            let texts = [
                zone.name.as_str(),
                &words.say(side),
                reason.code,
                &meaning,
                &reason.text,
            ];
            for (column, text) in (2..).zip(texts) {
                self.text(sheet, (row, column), text)?;
            }
        }
        Ok(())
    }

    /// The first row, in bold and frozen, with filters down to the last of `rows`; the marking on paper.
    fn head(
        &self,
        sheet: &mut Worksheet,
        (heads, rows): (Vec<String>, u32),
        marking: &str,
    ) -> Result<()> {
        let bold = Format::new()
            .set_bold()
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        for (column, head) in (0..).zip(&heads) {
            sheet
                .write_string_with_format(0, column, head.as_str(), &bold)
                .and_then(|sheet| sheet.set_column_width(column, 16))
                .map_err(cannot_write(self.name))?;
        }
        let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet
            .set_freeze_panes(1, 0)
            .and_then(|sheet| sheet.autofilter(0, 0, rows.max(1), last))
            .map_err(cannot_write(self.name))?;
        // Sheets of a workbook take 255 characters, in which & begins a command.
        sheet.set_header(format!("&C{}", marking.replace('&', "&&")));
        Ok(())
    }

    fn text(&self, sheet: &mut Worksheet, (row, column): (u32, u16), text: &str) -> Result<()> {
        let text: String = plain(text).chars().take(MOST).collect();
        sheet
            .write_string(row, column, text)
            .map_err(cannot_write(self.name))?;
        Ok(())
    }

    fn number(&self, sheet: &mut Worksheet, (row, column): (u32, u16), number: f64) -> Result<()> {
        sheet
            .write_number(row, column, number)
            .map_err(cannot_write(self.name))?;
        Ok(())
    }
}

/// All reasons of a zone, with the message that says which way they point.
fn told(zone: &Zone) -> impl Iterator<Item = (&Zone, &'static str, &Reason)> {
    let sides = [
        ("reasons", &zone.reasons),
        ("counter", &zone.counter_evidence),
        ("protective", &zone.protective),
    ];
    sides
        .into_iter()
        .flat_map(move |(side, reasons)| reasons.iter().map(move |reason| (zone, side, reason)))
}
