//! Which cells are hot: the detectors that compare a place with the same thing share one level.
//!
//! That a night raises something is one question, however many detectors look. Those that ask for a
//! departure from the season (Gi* of residuals, surge, scan) read the same counts; each at a level of
//! its own, their false alarms would add up. So the detectors with something to say are selected first,
//! and what is in them is judged at the level that their number leaves (Benjamini & Bogomolov 2014):
//! where nothing changed, a night raises something with at most the mission's rate of false discoveries.
//! Where all see it, each keeps the whole level, which equal shares would not leave it.
//!
//! Gi* of rates asks whether a place has more than the others, season or not. It raises no alarm of a
//! change, is a family of its own, and a zone that it alone makes says `WITHIN_SEASON`.

use forewarn_models::hotspot::level_of_selected;

use crate::base::error::{Error, Result};
use crate::tables::{ComparedWith, DetectorRecord, SignalsBuilder};

use super::Found;

/// Calls cells hot, adds every row, and records the level that decided.
pub(super) fn decide(
    found: Vec<Found>,
    rate: f64,
    rows: &mut SignalsBuilder,
) -> Result<Vec<DetectorRecord>> {
    let levels = [ComparedWith::Season, ComparedWith::Elsewhere]
        .map(|compared_with| Level::of(&found, compared_with, rate));
    let [season, elsewhere] = levels;
    let (season, elsewhere) = (season?, elsewhere?);
    let mut records = Vec::new();
    for mut one in found {
        let level = match one.record.compared_with {
            Some(ComparedWith::Season) => Some(&season),
            Some(ComparedWith::Elsewhere) => Some(&elsewhere),
            None => None,
        };
        if let Some(level) = level {
            level.tell(&mut one.record, rate);
        }
        let level = level.and_then(|level| level.judged_at);
        for mut row in one.rows {
            let hot = match (row.p_bh, level) {
                (Some(p), Some(level)) => p <= level && row.z.is_some_and(|z| z > 0.0),
                _ => false,
            };
            row.hot = u8::from(hot);
            one.record.n_hot += u32::from(hot);
            rows.push(row);
        }
        records.push(one.record);
    }
    Ok(records)
}

/// What the detectors of one comparison are judged at.
struct Level {
    names: Vec<&'static str>,
    /// How many have something to say.
    n_selected: usize,
    /// None where none has.
    judged_at: Option<f64>,
}

impl Level {
    fn of(found: &[Found], compared_with: ComparedWith, rate: f64) -> Result<Self> {
        let members = || {
            found
                .iter()
                .filter(|one| one.record.compared_with == Some(compared_with))
        };
        let nothing: Vec<f64> = members().map(|one| one.nothing_p).collect();
        let level = level_of_selected(&nothing, rate).map_err(Error::statistic("detect"))?;
        let is_selected = |p: &&f64| level.is_some_and(|level| **p <= level);
        Ok(Self {
            names: members().map(|one| one.record.name).collect(),
            n_selected: nothing.iter().filter(is_selected).count(),
            judged_at: level,
        })
    }

    fn tell(&self, record: &mut DetectorRecord, rate: f64) {
        let own = record.name;
        let others: Vec<&str> = self.names.iter().copied().filter(|&n| n != own).collect();
        if !others.is_empty() {
            record.family = format!(
                "{}; one family of alarms with {}",
                record.family,
                others.join(", ")
            );
        }
        let level = self
            .judged_at
            .map_or("none".to_owned(), |level| format!("{level:.4}"));
        let (n, of) = (self.n_selected, self.names.len());
        record.parameters.extend([
            ("false_discovery_rate", rate.to_string()),
            (
                "level",
                format!("{level} ({n} of {of} selected, Benjamini-Bogomolov)"),
            ),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tables::Signal;

    /// A detector with one row per adjusted p, all of them upwards.
    fn found(name: &'static str, compared_with: Option<ComparedWith>, p: &[f64]) -> Found {
        let row = |&p: &f64| Signal {
            detector: name,
            cell: 0,
            value: Some(1.0),
            excess: 1.0,
            z: Some(1.0),
            p: Some(p),
            p_bh: Some(p),
            p_by: Some(p),
            area: None,
            hot: 0,
        };
        Found {
            rows: p.iter().map(row).collect(),
            nothing_p: p.iter().copied().fold(1.0, f64::min),
            record: DetectorRecord {
                name,
                words: name,
                compared_with,
                statistic: "",
                family: "cells".to_owned(),
                n_tests: p.len(),
                n_hot: 0,
                parameters: BTreeMap::new(),
            },
        }
    }

    fn hot(found: Vec<Found>) -> Vec<u32> {
        let records = decide(found, 0.05, &mut SignalsBuilder::default()).unwrap();
        records.iter().map(|record| record.n_hot).collect()
    }

    const SEASON: Option<ComparedWith> = Some(ComparedWith::Season);
    const ELSEWHERE: Option<ComparedWith> = Some(ComparedWith::Elsewhere);

    #[test]
    fn one_detector_of_three_is_judged_at_a_third() {
        let night = |p: f64| {
            let others = [found("b", SEASON, &[0.3]), found("c", SEASON, &[0.9])];
            let mut night = vec![found("a", SEASON, &[p, 0.03])];
            night.extend(others);
            hot(night)
        };
        assert_eq!(night(0.016), [1, 0, 0], "0.03 is above a third of 0.05");
        assert_eq!(night(0.017), [0, 0, 0]);
    }

    #[test]
    fn where_all_see_something_each_keeps_the_whole_level() {
        let night = vec![
            found("a", SEASON, &[0.049, 0.2]),
            found("b", SEASON, &[0.03, 0.05]),
            found("c", SEASON, &[0.001]),
        ];
        assert_eq!(hot(night), [1, 2, 1]);
    }

    #[test]
    fn what_compares_with_elsewhere_or_was_left_out_takes_no_share() {
        let night = vec![
            found("rates", ELSEWHERE, &[0.049]),
            found("a", SEASON, &[0.024]),
            found("b", SEASON, &[0.9]),
            found("left_out", None, &[]),
        ];
        let records = decide(night, 0.05, &mut SignalsBuilder::default()).unwrap();
        let hot: Vec<u32> = records.iter().map(|record| record.n_hot).collect();
        assert_eq!(hot, [1, 1, 0, 0]);
        assert_eq!(records[0].family, "cells");
        assert_eq!(records[1].family, "cells; one family of alarms with b");
        assert!(records[1].parameters["level"].starts_with("0.0250 (1 of 2"));
        assert!(records[3].parameters.is_empty());
    }

    #[test]
    fn a_row_below_what_is_expected_is_never_hot() {
        let mut low = found("a", SEASON, &[0.001]);
        low.rows[0].z = Some(-3.0);
        assert_eq!(hot(vec![low]), [0]);
    }
}
