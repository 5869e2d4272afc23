//! Why a zone is listed, and what speaks against it: codes with figures, never a story.

use crate::base::day::Day;
use crate::tables::Reason;

use super::Input;

/// Fewer reports than this are too few to say much.
const FEW_REPORTS: f64 = 5.0;
/// A zone whose newest report is older than this has gone quiet.
const QUIET_DAYS: i32 = 28;
/// Above this share, what is known coarsely weighs on the zone's risk.
const COARSE_SHARE: f64 = 0.25;

/// What one detector says about a zone.
#[derive(Debug, Clone, Copy)]
struct Heat {
    n_hot: u32,
    z: f64,
    p_bh: f64,
}

/// The figures of one zone that reasons are made from.
#[derive(Debug)]
pub(super) struct Figures {
    n_cells: usize,
    observed: f64,
    expected: f64,
    coarse: f64,
    rate: f64,
    seasonal: Heat,
    classic: Heat,
    quiet_days: Option<i32>,
    n_weeks: u16,
}

impl Figures {
    pub(super) fn of(input: &Input<'_>, members: &[usize], last_report: Option<Day>) -> Self {
        let expected = input.expected;
        let sum = |column: &[f64]| members.iter().map(|&i| column[i]).sum::<f64>();
        let observed = sum(expected.observed().values());
        let areas = sum(expected.area_km2().values());
        let rates = expected.relative_rate().values();
        let rate = members
            .iter()
            .map(|&i| rates[i] * expected.area_km2().value(i))
            .sum::<f64>();
        Self {
            n_cells: members.len(),
            observed,
            expected: sum(expected.expected().values()),
            coarse: observed - sum(expected.located().values()),
            rate: rate / areas,
            seasonal: heat(input, "gi_star_seasonal", members),
            classic: heat(input, "gi_star_classic", members),
            quiet_days: last_report.map(|day| input.context.as_of.0 - day.0),
            n_weeks: input.context.settings.window.detect_weeks,
        }
    }

    pub(super) fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.seasonal.n_hot > 0 {
            let Self {
                observed,
                expected,
                n_weeks,
                ..
            } = self;
            reasons.push(Reason {
                code: "ABOVE_SEASON",
                text: format!(
                    "{observed:.1} reports in {n_weeks} weeks where this phase of past years leads \
                     one to expect {expected:.1}; {}",
                    self.words(self.seasonal)
                ),
            });
        }
        if self.classic.n_hot > 0 {
            reasons.push(Reason {
                code: "HIGH_RATE",
                text: format!(
                    "{:.1} times the mission's mean rate of reports; {}",
                    self.rate,
                    self.words(self.classic)
                ),
            });
        }
        reasons
    }

    pub(super) fn counter_evidence(&self) -> Vec<Reason> {
        let mut against = Vec::new();
        let mut add = |code, text| against.push(Reason { code, text });
        if self.seasonal.n_hot == 0 {
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
        if let Some(days) = self.quiet_days.filter(|&days| days > QUIET_DAYS) {
            add(
                "QUIET",
                format!("no report for {days} days, which is not the same as safe"),
            );
        }
        against
    }

    fn words(&self, heat: Heat) -> String {
        let Heat { n_hot, z, p_bh } = heat;
        format!(
            "Gi* z {z:.1}, adjusted p {p_bh:.2e}, hot in {n_hot} of {} cells",
            self.n_cells
        )
    }
}

/// The strongest cell of a zone by one detector, and how many cells it calls hot.
fn heat(input: &Input<'_>, detector: &str, members: &[usize]) -> Heat {
    let signals = input.signals;
    let n_cells = input.study_area.grid.len();
    let mut heat = Heat {
        n_hot: 0,
        z: f64::NEG_INFINITY,
        p_bh: 1.0,
    };
    let first_rows = (0..signals.len()).step_by(n_cells.max(1));
    for first in first_rows.filter(|&row| signals.detector().value(row) == detector) {
        for row in members.iter().map(|&i| first + i) {
            heat.n_hot += u32::from(signals.hot().value(row));
            if signals.z().value(row) > heat.z {
                heat.z = signals.z().value(row);
                heat.p_bh = signals.p_bh().value(row);
            }
        }
    }
    heat
}
