//! `outreach.csv`: one line per community and list, RFC 4180.

use std::io::Write;

use forewarn_models::outreach::Share;

use super::{Layer, OPERATIONAL, TierTables, cannot_write, inert};
use crate::base::error::Result;
use crate::tables::{OutreachRow, Reason};

/// The layer.
#[derive(Debug)]
pub(super) struct OutreachCsv;

const NAME: &str = "outreach.csv";

/// Columns of every line; a mission whose data are invented has one more.
pub(super) const COLUMNS: [&str; 24] = [
    "list",
    "rank",
    "rank_lo",
    "rank_hi",
    "community",
    "kind",
    "lat",
    "lon",
    "score",
    "score_lo",
    "score_hi",
    "exposure",
    "low_reporting",
    "not_reached",
    "audience_gap",
    "committee",
    "languages",
    "last_session",
    "invites_to_speak",
    "service_gate",
    "service",
    "decision_tomorrow",
    "why",
    "theme",
];

impl Layer for OutreachCsv {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one line per community and audience's list, in order of rank: where outreach goes next"
    }

    fn tiers(&self) -> Option<&'static [&'static str]> {
        Some(OPERATIONAL)
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let notice = tier.notice();
        let ends = ["theme_fr", "disclosure", "run_digest"];
        let head = COLUMNS
            .into_iter()
            .chain(ends)
            .chain(notice.map(|_| "notice"));
        csv.write_record(head).map_err(cannot_write(NAME))?;
        for row in &tier.outreach.rows {
            let [_, theme_fr] = &row.theme;
            let ends = [theme_fr.as_str(), tier.disclosure, tier.run_digest].map(str::to_owned);
            let line = line(row).into_iter().chain(ends);
            let line = line.chain(notice.map(str::to_owned));
            let line = line.map(|text| inert(text.into()).into_owned());
            csv.write_record(line).map_err(cannot_write(NAME))?;
        }
        csv.flush().map_err(cannot_write(NAME))
    }
}

/// A row's fields in the order of [`COLUMNS`]; what is not known is empty.
pub(super) fn line(row: &OutreachRow) -> [String; COLUMNS.len()] {
    let standing = row.standing.as_ref();
    let rank = |rank: Option<usize>| rank.map_or(String::new(), |rank| rank.to_string());
    let score = |score: Option<f64>| score.map_or(String::new(), six);
    let [exposure, low_reporting, not_reached, _, audience_gap] = row.factors.map(told);
    let yes_or_no = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    [
        row.audience.name().to_owned(),
        rank(standing.map(|s| s.rank)),
        rank(standing.map(|s| s.rank_lo)),
        rank(standing.map(|s| s.rank_hi)),
        row.community.clone(),
        row.kind.name().to_owned(),
        six(row.lat_deg),
        six(row.lon_deg),
        score(standing.map(|s| s.score.mid)),
        score(standing.map(|s| s.score.lo)),
        score(standing.map(|s| s.score.hi)),
        exposure,
        low_reporting,
        not_reached,
        audience_gap,
        row.committee.map_or(String::new(), yes_or_no),
        row.languages.clone().unwrap_or_default(),
        row.last_session
            .map_or(String::new(), |day| day.to_string()),
        yes_or_no(row.invitation.invites()),
        row.invitation.gate().name().to_owned(),
        row.invitation.words(),
        row.decision.name().to_owned(),
        sentence(&row.why),
        row.theme[0].clone(),
    ]
}

fn sentence(reasons: &[Reason]) -> String {
    let all = reasons
        .iter()
        .map(|why| format!("{}: {}", why.code, why.text));
    all.collect::<Vec<_>>().join("; ")
}

/// A share that nothing is known of stays empty.
fn told(share: Share) -> String {
    if share == Share::UNKNOWN {
        String::new()
    } else {
        six(share.mid)
    }
}

/// Six decimals, as in every layer.
fn six(number: f64) -> String {
    ((number * 1e6).round() / 1e6 + 0.0).to_string()
}
