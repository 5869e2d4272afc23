//! Why a zone is listed, and what speaks against it: codes with figures, never a story.

use crate::base::day::Day;
use crate::tables::{ComparedWith, DetectorRecord, Reason};

use super::{Input, reporting};

/// Fewer reports than this are too few to say much.
const FEW_REPORTS: f64 = 5.0;
/// A zone whose newest report is older than this has gone quiet.
const QUIET_DAYS: i32 = 28;
/// Above this share, what is known coarsely weighs on the zone's risk.
const COARSE_SHARE: f64 = 0.25;

/// What one detector says of the neighbourhoods that make a zone hot.
#[derive(Debug, Clone, Copy)]
struct Heat {
    what: &'static str,
    z: f64,
    p_bh: f64,
}

/// The figures of one zone that reasons are made from.
#[derive(Debug)]
pub(super) struct Figures {
    observed: f64,
    expected: f64,
    coarse: f64,
    rate: f64,
    above_season: Vec<Heat>,
    high_rate: Vec<Heat>,
    quiet_days: Option<i32>,
    n_weeks: u16,
    /// Silence, for; expected effects on reporting, against.
    reporting: (Vec<Reason>, Vec<Reason>),
}

impl Figures {
    pub(super) fn of(
        input: &Input<'_>,
        members: &[usize],
        signals: &[usize],
        last_report: Option<Day>,
    ) -> Self {
        let expected = input.expected;
        let sum = |column: &[f64]| members.iter().map(|&i| column[i]).sum::<f64>();
        let observed = sum(expected.observed().values());
        let areas = sum(expected.area_km2().values());
        let rates = expected.relative_rate().values();
        let rate = members
            .iter()
            .map(|&i| rates[i] * expected.area_km2().value(i))
            .sum::<f64>();
        let heats = |compared_with: ComparedWith| {
            let detectors = input.detections.records.iter();
            detectors
                .filter(|detector| detector.compared_with == Some(compared_with))
                .filter_map(|detector| heat(input, detector, signals))
                .collect()
        };
        Self {
            observed,
            expected: sum(expected.expected().values()),
            coarse: observed - sum(expected.located().values()),
            rate: rate / areas,
            above_season: heats(ComparedWith::Season),
            high_rate: heats(ComparedWith::Elsewhere),
            quiet_days: last_report.map(|day| input.context.as_of.0 - day.0),
            n_weeks: input.context.settings.window.detect_weeks,
            reporting: reporting::evidence(input, members),
        }
    }

    pub(super) fn reasons(&self) -> Vec<Reason> {
        let Self {
            observed,
            expected,
            n_weeks,
            rate,
            ..
        } = self;
        let mut reasons = Vec::new();
        let mut add = |code, text, heats: &[Heat]| {
            if !heats.is_empty() {
                let text = format!("{text} ({})", words(heats));
                reasons.push(Reason { code, text });
            }
        };
        let season = format!(
            "{observed:.1} reports in {n_weeks} weeks, where its season leads one to \
             expect {expected:.1}"
        );
        add("ABOVE_SEASON", season, &self.above_season);
        let elsewhere = format!("{rate:.1} times the mission's mean rate of reports");
        add("HIGH_RATE", elsewhere, &self.high_rate);
        reasons.extend(self.reporting.0.iter().cloned());
        reasons
    }

    pub(super) fn counter_evidence(&self) -> Vec<Reason> {
        let mut against = Vec::new();
        let mut add = |code, text| against.push(Reason { code, text });
        if self.above_season.is_empty() {
            let (observed, expected) = (self.observed, self.expected);
            let text =
                format!("{observed:.1} reports, {expected:.1} expected: usual for this phase");
            add("WITHIN_SEASON", text);
        }
        if self.observed < FEW_REPORTS {
            add(
                "FEW_REPORTS",
                format!("only {:.1} reports in the window", self.observed),
            );
        }
        if self.observed > 0.0 && self.coarse / self.observed > COARSE_SHARE {
            let percent = 100.0 * self.coarse / self.observed;
            let text =
                format!("{percent:.0} % of the reports are known only to a district or less");
            add("COARSE_PLACES", text);
        }
        against.extend(self.reporting.1.iter().cloned());
        let mut add = |code, text| against.push(Reason { code, text });
        if let Some(days) = self.quiet_days.filter(|&days| days > QUIET_DAYS) {
            add(
                "QUIET",
                format!("no report for {days} days, which is not the same as safe"),
            );
        }
        against
    }
}

fn words(heats: &[Heat]) -> String {
    let word = |&Heat { what, z, p_bh }: &Heat| format!("{what} z {z:.1}, adjusted p {p_bh:.1e}");
    heats.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// The strongest of a zone's signals by one detector.
fn heat(input: &Input<'_>, detector: &DetectorRecord, rows: &[usize]) -> Option<Heat> {
    let signals = &input.detections.signals;
    rows.iter()
        .filter(|&&row| signals.detector().value(row) == detector.name)
        .map(|&row| Heat {
            what: detector.words,
            z: signals.z().value(row),
            p_bh: signals.p_bh().value(row),
        })
        .min_by(|a, b| a.p_bh.total_cmp(&b.p_bh).then(b.z.total_cmp(&a.z)))
}
