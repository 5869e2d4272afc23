//! Self-exciting rate of the mission: do reports bring others, and for how long?

use forewarn_models::contagion::{Contagion, Excitation, contagion};

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::Statistic;
use super::contagion::{Events, background, instead, slow};
use super::series::Material;
use super::told::Told;

/// Hawkes process in time.
#[derive(Debug)]
pub(super) struct Hawkes;

impl Statistic for Hawkes {
    fn name(&self) -> &'static str {
        "hawkes"
    }

    fn statistic(&self) -> &'static str {
        "self-exciting rate in time"
    }

    fn find(&self, input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        let events = Events::latest(input, material);
        let n = events.of.len();
        let mut told = match events.history(material) {
            Ok(history) => match contagion(&history) {
                Contagion::Excited(found) => excited(&found),
                Contagion::Seasonal { why, .. } => Told {
                    words: instead(why),
                    ..Told::default()
                },
            },
            Err(reason) => Told::unanswered(n, reason),
        };
        told.n = n;
        told.parameters
            .extend([("events", events.words()), ("background", background())]);
        Ok(vec![told.of_mission(self)])
    }
}

fn excited(found: &Excitation) -> Told {
    let rate = found.rate;
    let slow = slow(rate.decay());
    Told {
        value: slow.is_none().then(|| rate.theta()),
        words: slow.unwrap_or_else(|| format!(
            "one report day brings {:.2} ({:.2} to {:.2}) others beyond the season, half of them \
             within {:.0} days",
            rate.theta(),
            found.theta_lo,
            found.theta_hi,
            std::f64::consts::LN_2 / rate.decay()
        )),
        parameters: vec![
            ("decay_per_day", format!("{:.4}", rate.decay())),
            ("decay_at_bound", found.decay_at_bound.to_string()),
            ("likelihood_ratio", format!("{:.2}", found.likelihood_ratio)),
        ],
        ..Told::default()
    }
}
