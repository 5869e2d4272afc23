//! What `run.json` says of reporting.

use std::collections::BTreeMap;

use crate::base::code::ReportingState;
use crate::tables::{Covariate, Detection, ReportingRecord, ScenarioRecord};

use super::Input;
use super::contacts::Contacts;
use super::effort::NAMES;
use super::ways::{Way, Ways};

/// What the stage counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts<'a> {
    pub(super) detection: Option<&'a Detection>,
    pub(super) n_silent: usize,
    pub(super) n_interventions: usize,
    pub(super) n_weighted: i64,
}

pub(super) fn record(
    input: &Input<'_>,
    ways: &Ways,
    contacts: &Contacts,
    counts: &Counts<'_>,
) -> ReportingRecord {
    let learned = ways.ways.as_ref().and_then(|ways| match &ways[1] {
        Way::Learned(fit) => Some(fit),
        Way::Assumed(_) => None,
    });
    let fit = ways.fit.as_ref().or(learned);
    let covariate = |(k, name): (usize, &'static str)| Covariate {
        name,
        slope: fit.and_then(|fit| fit.slopes[k]),
        se: fit.and_then(|fit| fit.slope_se[k]),
    };
    ReportingRecord {
        state: match ways.state {
            ReportingState::Unknown => "unknown",
            ReportingState::Scenario => "scenarios",
            ReportingState::Fitted => "fitted",
        },
        reason: ways.reason.clone(),
        effort_logged: contacts.logged.map(|(a, b)| [a.to_string(), b.to_string()]),
        n_reports: fit.map(|fit| fit.n_events),
        n_cells: fit.map(|fit| fit.n_cells),
        level: ways
            .fit
            .as_ref()
            .and_then(|fit| Some([fit.level, fit.level_se?])),
        dispersion: fit.map(|fit| fit.dispersion),
        covariates: NAMES
            .iter()
            .enumerate()
            .map(|(k, name)| covariate((k, *name)))
            .collect(),
        scenarios: scenarios(input, ways, counts),
        cells: cells(input, counts.detection),
        n_silent: counts.n_silent,
        n_interventions: counts.n_interventions,
        n_weighted: counts.n_weighted,
    }
}

fn scenarios(input: &Input<'_>, ways: &Ways, counts: &Counts<'_>) -> Vec<ScenarioRecord> {
    let Some(three) = &ways.ways else {
        return Vec::new();
    };
    let settings = input.context.settings.reporting.scenarios();
    let mean_q = |k: usize| {
        let detection = counts.detection?;
        let column = [detection.q_lo(), detection.q(), detection.q_hi()][k];
        let told: Vec<f64> = column.iter().flatten().collect();
        #[allow(clippy::cast_precision_loss, reason = "a number of cells")]
        let n = told.len() as f64;
        (n > 0.0).then(|| told.iter().sum::<f64>() / n)
    };
    let scenario = |(k, way): (usize, &Way)| {
        let (name, assumed) = settings[k];
        match (way, ways.state) {
            (Way::Assumed(scenario), _) => ScenarioRecord {
                name,
                background: scenario.background,
                per_visit: Some(scenario.per_visit),
                mean_q: mean_q(k),
                reason: assumed.reason.clone(),
            },
            (Way::Learned(fit), state) => ScenarioRecord {
                name,
                background: 1.0 / (1.0 + (-fit.level).exp()),
                per_visit: None,
                mean_q: mean_q(k),
                reason: if state == ReportingState::Fitted {
                    "5 %, middle and 95 % of the level learned, slopes fitted to each".to_owned()
                } else {
                    format!(
                        "slopes are fitted, the level is assumed: {}",
                        assumed.reason
                    )
                },
            },
        }
    };
    three.iter().enumerate().map(scenario).collect()
}

fn cells(input: &Input<'_>, detection: Option<&Detection>) -> BTreeMap<&'static str, u32> {
    let all = u32::try_from(input.study_area.grid.len()).unwrap_or(u32::MAX);
    let of = |state: ReportingState| match detection {
        Some(detection) => {
            let states = detection.state().values().iter();
            let n = states.filter(|&&code| code == state.code()).count();
            u32::try_from(n).unwrap_or(u32::MAX)
        }
        None if state == ReportingState::Unknown => all,
        None => 0,
    };
    [
        ReportingState::Unknown,
        ReportingState::Scenario,
        ReportingState::Fitted,
    ]
    .map(|state| (state.name(), of(state)))
    .into()
}
