//! How a finding is put down, and how those of one family are adjusted together.

use std::collections::BTreeMap;

use forewarn_models::hotspot::benjamini_hochberg;

use crate::base::error::Result;
use crate::tables::{Finding, Scope};

use super::series::Series;
use super::{Statistic, failed};

/// The family of what has no p-value.
const NO_TEST: &str = "nothing: it has no p-value";

/// What one statistic says of one scope, before its family is known.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) value: Option<f64>,
    pub(super) p: Option<f64>,
    pub(super) n: usize,
    pub(super) words: String,
    pub(super) parameters: Vec<(&'static str, String)>,
}

impl Told {
    /// No answer, and why.
    pub(super) fn unanswered(n: usize, reason: impl std::fmt::Display) -> Self {
        Self {
            n,
            words: format!("no answer: {reason}"),
            ..Self::default()
        }
    }

    /// A finding of the mission.
    pub(super) fn of_mission(self, statistic: &dyn Statistic) -> Finding {
        self.finding(statistic, Scope::Mission, None)
    }

    fn finding(self, statistic: &dyn Statistic, scope: Scope, area: Option<String>) -> Finding {
        Finding {
            name: statistic.name(),
            statistic: statistic.statistic(),
            scope,
            area,
            value: self.value,
            p: self.p,
            p_bh: self.p,
            n: self.n,
            words: self.words,
            family: if self.p.is_some() {
                "one test of the mission"
            } else {
                NO_TEST
            }
            .to_owned(),
            parameters: BTreeMap::from_iter(self.parameters),
        }
    }
}

/// A statistic of the mission, a test of its own, and of its areas, a family.
pub(super) fn of_mission_and_areas(
    statistic: &dyn Statistic,
    mission: Told,
    areas: Vec<(&Series, Told)>,
) -> Result<Vec<Finding>> {
    let mut rows: Vec<Finding> = areas
        .into_iter()
        .map(|(area, told)| told.finding(statistic, area.scope.clone(), area.name.clone()))
        .collect();
    family(statistic, &mut rows, "first-level areas")?;
    rows.insert(0, mission.of_mission(statistic));
    Ok(rows)
}

/// Adjusts those that have a p-value together.
pub(super) fn family(statistic: &dyn Statistic, rows: &mut [Finding], members: &str) -> Result<()> {
    let p: Vec<f64> = rows.iter().filter_map(|row| row.p).collect();
    let adjusted = benjamini_hochberg(&p).map_err(|e| failed(statistic, &e))?;
    let mut adjusted = adjusted.into_iter();
    for row in rows.iter_mut() {
        row.p_bh = row.p.and_then(|_| adjusted.next());
        row.family = match row.p {
            Some(_) => format!("{} {members}", p.len()),
            None => NO_TEST.to_owned(),
        };
    }
    Ok(())
}
