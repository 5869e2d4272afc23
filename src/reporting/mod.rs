//! Stage: how likely an incident is to be reported, kept apart from how likely it is to happen.
//!
//! Effort that varies within a cell tells how reporting depends on it; where it does not, three scenarios are
//! carried side by side. Risk is the rate of incidents given that probability: more patrols bring more
//! reports and no more risk. Where nobody was, nothing is known, and silence is no sign of safety.

mod contacts;
mod discoveries;
mod effects;
mod effort;
mod interventions;
mod record;
mod risk;
mod silence;
mod spans;
mod two_sources;
mod ways;

use forewarn_models::grid::Neighbours;
use geo::LineString;
use h3o::{CellIndex, Resolution};

use crate::base::Context;
use crate::base::code::{ReportingState, SilenceKind};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::tables::{
    CellFacts, CellSteps, Detection, DetectionBuilder, DetectionRow, Expected, Overlap, Placed,
    Reporting, ScenarioRisk, Silences, SilencesBuilder, StudyArea, Surroundings,
};

use contacts::Contacts;
use effects::Ratios;
use effort::Effort;
use risk::Known;
use spans::{Means, Spans};
use ways::{Way, Ways};

/// What this stage reads.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations, reason = "it holds a function")]
pub struct Input<'a> {
    /// Settings, dates.
    pub context: &'a Context,
    /// The cells.
    pub study_area: &'a StudyArea,
    /// The detectors' neighbourhoods.
    pub neighbours: &'a Neighbours,
    /// Reports by cell and week.
    pub placed: &'a Placed,
    /// Reports by what they are.
    pub facts: &'a CellFacts,
    /// Observed and expected in the window.
    pub expected: &'a Expected,
    /// The same over the last years.
    pub steps: &'a CellSteps,
    /// Effort, services, bases, roads.
    pub surroundings: &'a Surroundings,
    /// How far sources tell of the same incidents.
    pub overlaps: &'a [Overlap],
    /// Cells along a line, as the index finds them.
    pub along: fn(&LineString<f64>, Resolution) -> Vec<CellIndex>,
}

/// Tells reporting and risk apart: what is known of reporting, and the expectation with the posterior of the
/// rate of incidents given it. What reports alone make of that rate stays as it is where nothing is known of
/// effort.
///
/// # Errors
/// Where a fit is refused for another reason than that the data cannot tell.
pub fn run(input: &Input<'_>) -> Result<(Expected, Reporting)> {
    let contacts = Contacts::read(input)?;
    let effort = Effort::read(input, &contacts)?;
    let ways = Ways::learn(input, &effort, &contacts)?;
    let interventions = interventions::interventions(input)?;
    let last_contacts = silence::last_contacts(input, &contacts)?;
    let Some(three) = &ways.three else {
        let counts = record::Counts {
            n_interventions: interventions.len(),
            ..record::Counts::default()
        };
        let reporting = Reporting {
            detection: unknown(input, &last_contacts, ways.reason.as_deref()),
            silences: SilencesBuilder::default().finish(),
            effects: Vec::new(),
            scenarios: Vec::new(),
            record: record::record(input, &ways, &contacts, &counts),
            interventions,
        };
        return Ok((input.expected.clone(), reporting));
    };
    let n_cells = input.study_area.grid.len();
    let spans = Spans::of(input, &effort);
    let means = three
        .each_ref()
        .map(|way| Means::all(&spans, n_cells, way, &effort));
    let change: Vec<f64> = (0..n_cells).map(|i| means[1].change(i)).collect();
    let silences = silence::silences(input, &last_contacts, &change)?;
    let ratios = Ratios::of(&ways, &means);
    let effects = effects::effects(input, &interventions, &effort, &spans, &ratios)?;
    let view = View {
        ways: &ways,
        effort: &effort,
        spans: &spans,
        means: &means,
        last_contacts: &last_contacts,
        silences: &silences,
    };
    let detection = view.detection(input);
    let (scenarios, n_weighted) = view.risks(input, &contacts, three)?;
    let counts = record::Counts {
        detection: Some(&detection),
        n_silent: silences.len(),
        n_interventions: interventions.len(),
        n_weighted,
    };
    let record = record::record(input, &ways, &contacts, &counts);
    let expected = risk::with_posterior(input.expected, &scenarios[1]);
    let reporting = Reporting {
        detection,
        silences,
        interventions,
        effects,
        scenarios: scenarios.into(),
        record,
    };
    Ok((expected, reporting))
}

/// Every cell unknown, for one reason.
fn unknown(input: &Input<'_>, last_contacts: &[Option<Day>], reason: Option<&str>) -> Detection {
    let mut rows = DetectionBuilder::default();
    let cells = input.study_area.grid.cells().iter().zip(last_contacts);
    for (&cell, last) in cells {
        rows.push(DetectionRow {
            cell: cell.into(),
            state: ReportingState::Unknown.code(),
            q: None,
            q_lo: None,
            q_hi: None,
            change: 1.0,
            days_since_contact: days_since(input, *last),
            reason: reason.unwrap_or_default(),
        });
    }
    rows.finish()
}

fn days_since(input: &Input<'_>, last: Option<Day>) -> Option<u32> {
    u32::try_from(input.context.as_of.0 - last?.0).ok()
}

/// What was found of reporting, to be told per cell.
struct View<'a> {
    ways: &'a Ways,
    effort: &'a Effort,
    spans: &'a Spans,
    means: &'a [Means; 3],
    last_contacts: &'a [Option<Day>],
    silences: &'a Silences,
}

impl View<'_> {
    /// Of each cell the kind of its silence.
    fn silent(&self, input: &Input<'_>) -> Vec<Option<SilenceKind>> {
        let grid = &input.study_area.grid;
        let mut silent = vec![None; grid.len()];
        for row in 0..self.silences.len() {
            let cell = CellIndex::try_from(self.silences.cell().value(row)).ok();
            if let Some(i) = cell.and_then(|cell| grid.position(cell)) {
                silent[i] = SilenceKind::from_code(self.silences.kind().value(row));
            }
        }
        silent
    }

    fn detection(&self, input: &Input<'_>) -> Detection {
        let silent = self.silent(input);
        let covered_days = 7 * u32::from(input.context.settings.reporting.coverage_weeks);
        let reason = self.ways.reason.as_deref();
        let known_by = reason.unwrap_or("learned from effort that changed within cells");
        let mut rows = DetectionBuilder::default();
        for (i, &cell) in input.study_area.grid.cells().iter().enumerate() {
            let days = days_since(input, self.last_contacts[i]);
            let why_not = match (silent[i], days) {
                (Some(kind), _) => Some(format!("SILENCE: {}", kind.name())),
                (None, None) => Some("no contact is known".to_owned()),
                (None, Some(days)) if days > covered_days => {
                    Some(format!("no contact for {days} days"))
                }
                _ => None,
            };
            let q = why_not.is_none().then(|| self.q(i));
            let state = q.map_or(ReportingState::Unknown, |_| self.ways.state);
            rows.push(DetectionRow {
                cell: cell.into(),
                state: state.code(),
                q: q.map(|q| q.1),
                q_lo: q.map(|q| q.0),
                q_hi: q.map(|q| q.2),
                change: self.means[1].change(i),
                days_since_contact: days,
                reason: why_not.as_deref().unwrap_or(known_by),
            });
        }
        rows.finish()
    }

    /// Low, middle and high q of a cell in the window.
    fn q(&self, cell: usize) -> (f64, f64, f64) {
        let steps: Vec<&[f64]> = self
            .spans
            .window
            .clone()
            .map(|t| self.effort.at(cell, t))
            .collect();
        let band = self.ways.fit.as_ref().and_then(|fit| fit.mean_q(&steps));
        band.map_or_else(
            || {
                let [low, mid, high] = self.means.each_ref().map(|means| means.window[cell]);
                // Steep slopes at a low level may cross those at a high one.
                (low.min(mid), mid, high.max(mid))
            },
            |band| (band.lo, band.mean, band.hi),
        )
    }

    /// Posteriors of risk under each way, and how many discoveries have a weight: where reporting is
    /// learned, patrols are part of it, and what they discovered is not weighted a second time.
    fn risks(
        &self,
        input: &Input<'_>,
        contacts: &Contacts,
        ways: &[Way; 3],
    ) -> Result<([ScenarioRisk; 3], i64)> {
        let is_learned = matches!(ways[1], Way::Learned(_));
        let weighed = if is_learned {
            discoveries::Weighed {
                counts: input.expected.observed().values().to_vec(),
                past: vec![1.0; input.expected.len()],
                n_weighted: 0,
            }
        } else {
            discoveries::weighed(input, contacts)?
        };
        let mute = |kind: &Option<SilenceKind>| *kind == Some(SilenceKind::FewerThanEffort);
        let is_mute: Vec<bool> = self.silent(input).iter().map(mute).collect();
        let is_told: Vec<bool> = self.last_contacts.iter().map(Option::is_some).collect();
        let under = |way: &Way| {
            let q = Means::for_risk(self.spans, is_told.len(), way, self.effort);
            let known = Known {
                window: &q.window,
                past: &q.past,
                is_told: &is_told,
                is_mute: &is_mute,
                counts: &weighed.counts,
                weighed_past: &weighed.past,
            };
            risk::posteriors(input.expected, &known)
        };
        let [low, mid, high] = ways;
        Ok(([under(low)?, under(mid)?, under(high)?], weighed.n_weighted))
    }
}
