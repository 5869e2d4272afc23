//! `patrol_order.csv`: every stop of every plan, RFC 4180.

use std::io::Write;

use super::{Layer, OPERATIONAL, TierTables, cannot_write, inert};
use crate::base::error::Result;
use crate::tables::{PATROL_TERMS, Patrol, PatrolPlan, PatrolStop};

/// The layer.
#[derive(Debug)]
pub(super) struct PatrolOrderCsv;

const NAME: &str = "patrol_order.csv";

/// Columns of every line; a mission whose data are invented has one more.
const COLUMNS: [&str; 24] = [
    "purpose",
    "sector",
    "patrol",
    "day",
    "base",
    "base_mgrs",
    "depart",
    "back",
    "hours",
    "distance_km",
    "team",
    "explores",
    "stop",
    "place",
    "mgrs",
    "arrive",
    "leave",
    "window",
    "zone_id",
    "zone_rank",
    "note",
    "expires",
    "disclosure",
    "terms",
];

impl Layer for PatrolOrderCsv {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one line per stop of the patrols that could be sent next week, by purpose, for a patrol conference"
    }

    fn tiers(&self) -> Option<&'static [&'static str]> {
        Some(OPERATIONAL)
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let notice = tier.notice();
        let head = COLUMNS.into_iter().chain(notice.map(|_| "notice"));
        csv.write_record(head).map_err(cannot_write(NAME))?;
        for plan in &tier.patrols.plans {
            for patrol in &plan.patrols {
                for (number, stop) in (1_u32..).zip(&patrol.stops) {
                    let line = line(tier, (plan, patrol), (number, stop));
                    csv.write_record(line.into_iter().chain(notice.map(str::to_owned)))
                        .map_err(cannot_write(NAME))?;
                }
            }
        }
        csv.flush().map_err(cannot_write(NAME))
    }
}

fn line(
    tier: &TierTables<'_>,
    (plan, patrol): (&PatrolPlan, &Patrol),
    (number, stop): (u32, &PatrolStop),
) -> [String; COLUMNS.len()] {
    let text = |text: &str| inert(text.into()).into_owned();
    let expires = tier.patrols.last_day;
    [
        plan.purpose.clone(),
        text(&plan.sector),
        patrol.number.to_string(),
        patrol.day.to_string(),
        text(&patrol.base),
        patrol.base_mgrs.clone(),
        patrol.depart.clone(),
        patrol.back.clone(),
        patrol.hours.to_string(),
        patrol.distance_km.to_string(),
        patrol.team.clone(),
        if patrol.explores { "yes" } else { "no" }.to_owned(),
        number.to_string(),
        text(&stop.place),
        stop.mgrs.clone(),
        stop.arrive.clone(),
        stop.leave.clone(),
        text(&stop.window),
        stop.zone_id.clone().unwrap_or_default(),
        stop.zone_rank
            .map_or(String::new(), |rank| rank.to_string()),
        stop.note.clone(),
        expires.map_or(String::new(), |day| day.to_string()),
        tier.disclosure.to_owned(),
        PATROL_TERMS.to_owned(),
    ]
}
