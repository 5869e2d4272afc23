//! Three ways reporting may be, from the lowest to the highest: learned where effort tells, assumed where
//! it does not. Whatever is carried further is carried under all three.

use forewarn_models::reporting::{
    DetectionError, DetectionFit, Level, Panel, Scenario, fit_detection,
};

use crate::base::code::ReportingState;
use crate::base::error::{Error, Result};
use crate::base::settings::ReportingSettings;

use super::Input;
use super::contacts::Contacts;
use super::effort::{Effort, WIDTH};

/// Standard deviation of a slope before the data. Doubling visits where few reports are made doubles them
/// at a slope of 1.
const SLOPE_SD: f64 = 1.0;
/// From the middle of a normal distribution to its 5 % and 95 % ends.
const HALF_BAND: f64 = 1.644_853_626_951_472_2;

/// One way reporting may be.
#[derive(Debug, Clone)]
pub(super) enum Way {
    Learned(DetectionFit),
    Assumed(Scenario),
}

/// What can be said of reporting in this mission.
#[derive(Debug)]
pub(super) struct Ways {
    pub(super) state: ReportingState,
    /// Why the data do not tell, or not all.
    pub(super) reason: Option<String>,
    /// The fit with its level, where there is one.
    pub(super) fit: Option<DetectionFit>,
    /// Lowest first; none where nothing is known of effort.
    pub(super) ways: Option<[Way; 3]>,
}

impl Ways {
    pub(super) fn learn(input: &Input<'_>, effort: &Effort, contacts: &Contacts) -> Result<Self> {
        let unknown = |reason: String| Self {
            state: ReportingState::Unknown,
            reason: Some(reason),
            fit: None,
            ways: None,
        };
        let Some((_, ended)) = contacts.logged else {
            return Ok(unknown("no effort is logged".to_owned()));
        };
        if effort.is_covered.last() != Some(&true) {
            return Ok(unknown(format!("the log of effort ends on {ended}")));
        }
        let settings = &input.context.settings.reporting;
        let exposure = exposure(input, effort);
        let panel = Panel {
            n_steps: effort.n_steps,
            counts: &input.steps.located,
            exposure: &exposure,
            design: &effort.design,
            width: WIDTH,
        };
        match learned(&panel, settings) {
            Ok(ways) => Ok(ways),
            Err(DetectionError::NotIdentified(reason)) => Ok(Self {
                state: ReportingState::Scenario,
                reason: Some(reason.to_string()),
                fit: None,
                ways: Some(settings.scenarios().map(|(_, assumed)| {
                    Way::Assumed(Scenario {
                        background: assumed.background,
                        per_visit: assumed.per_visit,
                    })
                })),
            }),
            Err(fault) => Err(Error::statistic("reporting")(fault)),
        }
    }
}

/// Fits the level and the slopes; where the level stays in doubt, the slopes under each scenario's level.
fn learned(
    panel: &Panel<'_>,
    settings: &ReportingSettings,
) -> std::result::Result<Ways, DetectionError> {
    let logits = settings
        .scenarios()
        .map(|(_, assumed)| logit(assumed.background));
    let [low, mid, high] = logits;
    let prior = Level::Prior {
        mean: mid,
        sd: (high - low) / (2.0 * HALF_BAND),
    };
    let fit = fit_detection(panel, prior, SLOPE_SD)?;
    let ends = fit.level_se.filter(|_| fit.level_is_known).map(|se| {
        let half = HALF_BAND * se;
        [fit.level - half, fit.level, fit.level + half]
    });
    let at = |level: f64| fit_detection(panel, Level::Fixed(level), SLOPE_SD).map(Way::Learned);
    let [low, mid, high] = ends.unwrap_or(logits);
    let ways = Some([at(low)?, at(mid)?, at(high)?]);
    Ok(match ends {
        Some(_) => Ways {
            state: ReportingState::Fitted,
            reason: None,
            fit: Some(fit),
            ways,
        },
        None => Ways {
            state: ReportingState::Scenario,
            reason: Some(
                "effort tells how reporting changes, and not how much is reported without any"
                    .to_owned(),
            ),
            fit: None,
            ways,
        },
    })
}

/// The mission's season, the same for every cell: what a cell's own course says of reporting must not be
/// taken out before it is asked. Nothing where effort is not logged.
fn exposure(input: &Input<'_>, effort: &Effort) -> Vec<f64> {
    let steps = input.steps;
    let mut of_step = vec![0.0; steps.n_steps];
    for (at, expected) in steps.expected.iter().enumerate() {
        of_step[at % steps.n_steps] += expected;
    }
    let known = of_step.iter().zip(&effort.is_covered);
    let of_step: Vec<f64> = known
        .map(|(&e, &covered)| if covered { e } else { 0.0 })
        .collect();
    of_step
        .iter()
        .copied()
        .cycle()
        .take(steps.expected.len())
        .collect()
}

impl Way {
    /// Probability of a report from a cell in one step.
    pub(super) fn q(&self, effort: &Effort, cell: usize, step: usize) -> f64 {
        self.of(effort, &effort.visit_days, cell, step)
    }

    /// The same for counts in which what patrols discovered has its own weight: an assumed effect of
    /// patrols would be taken out twice.
    pub(super) fn q_for_risk(&self, effort: &Effort, cell: usize, step: usize) -> f64 {
        self.of(effort, &effort.other_days, cell, step)
    }

    fn of(&self, effort: &Effort, days: &[f64], cell: usize, step: usize) -> f64 {
        match self {
            Self::Learned(fit) => fit.q(effort.at(cell, step)),
            Self::Assumed(scenario) => {
                let days = days[cell * effort.n_steps + step];
                scenario.q(days).unwrap_or(scenario.background)
            }
        }
    }
}

fn logit(q: f64) -> f64 {
    (q / (1.0 - q)).ln()
}
