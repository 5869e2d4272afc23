//! `outreach.json`: the whole plan of outreach, for programs: lists, steps of the year, people reached, and what
//! can be done in each zone.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::outreach_csv::{COLUMNS, line};
use super::{Layer, OPERATIONAL, TierTables, cannot_write};
use crate::base::error::Result;
use crate::tables::{MilestoneRow, OutreachRecord, ZoneAction};

/// The layer.
#[derive(Debug)]
pub(super) struct OutreachJson;

const NAME: &str = "outreach.json";

#[derive(Serialize)]
struct Plan<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    run_digest: &'a str,
    disclosure: &'a str,
    record: &'a OutreachRecord,
    milestones: &'a [MilestoneRow],
    lists: BTreeMap<&'static str, Vec<BTreeMap<&'static str, String>>>,
    actions: &'a [ZoneAction],
}

impl Layer for OutreachJson {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one plan of outreach: lists, steps of the year, people reached, options of every zone in English and French"
    }

    fn tiers(&self) -> Option<&'static [&'static str]> {
        Some(OPERATIONAL)
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let plan = tier.outreach;
        let mut lists: BTreeMap<_, Vec<BTreeMap<_, _>>> = BTreeMap::new();
        for row in &plan.rows {
            let mut fields: BTreeMap<_, _> = COLUMNS.into_iter().zip(line(row)).collect();
            fields.insert("theme_fr", row.theme[1].clone());
            fields.retain(|_, text| !text.is_empty());
            lists.entry(row.audience.name()).or_default().push(fields);
        }
        let whole = Plan {
            notice: tier.notice(),
            run_digest: tier.run_digest,
            disclosure: tier.disclosure,
            record: &plan.record,
            milestones: &plan.milestones,
            lists,
            actions: &plan.actions,
        };
        serde_json::to_writer_pretty(&mut *out, &whole).map_err(cannot_write(NAME))?;
        out.write_all(b"\n").map_err(cannot_write(NAME))
    }
}
