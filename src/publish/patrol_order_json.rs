//! `patrol_order.json`: the plans with what they cover, what they do not, and why.

use std::io::Write;

use serde::Serialize;

use super::{Layer, OPERATIONAL, TierTables, cannot_write};
use crate::base::error::Result;
use crate::tables::{PATROL_TERMS, PatrolPlans};

/// The layer.
#[derive(Debug)]
pub(super) struct PatrolOrderJson;

const NAME: &str = "patrol_order.json";

#[derive(Serialize)]
struct Order<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'static str>,
    terms: &'static str,
    disclosure: &'a str,
    run_digest: &'a str,
    #[serde(flatten)]
    plans: &'a PatrolPlans,
}

impl Layer for PatrolOrderJson {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one entry per sector and purpose: patrols that could be sent next week, what they cover and what not"
    }

    fn tiers(&self) -> Option<&'static [&'static str]> {
        Some(OPERATIONAL)
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let order = Order {
            notice: tier.notice(),
            terms: PATROL_TERMS,
            disclosure: tier.disclosure,
            run_digest: tier.run_digest,
            plans: tier.patrols,
        };
        serde_json::to_writer_pretty(&mut *out, &order).map_err(cannot_write(NAME))?;
        out.write_all(b"\n").map_err(cannot_write(NAME))
    }
}
