//! What passes counting points in each part of a season, learned from its past years.

use forewarn_models::season::{Flow, FlowCount, phase};

use super::herds::PointWeek;
use super::signs::Course;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::SeasonPhase;

/// The first herds come before the tenth in a hundred, the last after the season's usual end: a quarter of its length
/// on both sides is looked at in parts too.
const LEAD_SHARE: f64 = 0.25;
/// Weeks that the other points' course is worth at a point.
const OTHERS_WEEKS: f64 = 4.0;
const DAYS_TO_THURSDAY: i32 = 3;

fn n_parts(length_days: u16) -> usize {
    // A part is about a week.
    usize::from(length_days) * 3 / 14
}

fn span_days(length_days: u16) -> f64 {
    f64::from(length_days) * (1.0 + 2.0 * LEAD_SHARE)
}

/// Probability of every part of a season in a week, off-season last.
pub(super) fn shares(row: &SeasonPhase, week: &PointWeek) -> Result<Vec<f64>> {
    let middle = f64::from(week.week.first_day().0 + DAYS_TO_THURSDAY);
    let lead = f64::from(row.length_days) * LEAD_SHARE;
    let span = span_days(row.length_days);
    let known = phase(middle + lead, &row.onset, span, n_parts(row.length_days));
    let known = known.map_err(Error::statistic("season"))?;
    let off = known.off();
    let mut shares = known.within;
    shares.push(off);
    Ok(shares)
}

/// Fits what passes each point; `row_of` gives the season that a point's week lies in, where it is one to learn from.
pub(super) fn fit<'a>(
    courses: &[Course],
    row_of: impl Fn(usize, &PointWeek) -> Option<&'a SeasonPhase>,
    length_days: u16,
) -> Result<Flow> {
    let mut known = Vec::new();
    for (point, course) in courses.iter().enumerate() {
        for week in &course.weeks {
            if let Some(row) = row_of(point, week) {
                known.push((point, week, shares(row, week)?));
            }
        }
    }
    let counts: Vec<FlowCount<'_>> = known
        .iter()
        .map(|(point, week, shares)| FlowCount {
            point: *point,
            shares,
            count: week.herds,
            exposure: week.exposure,
        })
        .collect();
    Flow::fit(
        &counts,
        courses.len(),
        n_parts(length_days) + 1,
        OTHERS_WEEKS,
    )
    .map_err(Error::statistic("season"))
}

/// Middle of the busiest week of some points together in a season, its weeks smoothed by 1-2-1.
#[allow(clippy::cast_possible_truncation, reason = "a day of a season")]
pub(super) fn peak(flow: &Flow, points: &[usize], row: &SeasonPhase) -> Option<Day> {
    let n = n_parts(row.length_days);
    let sums: Vec<f64> = (0..n)
        .map(|part| points.iter().map(|&point| flow.means(point)[part]).sum())
        .collect();
    let smooth = |part: usize| {
        let before = sums[part.saturating_sub(1)];
        let after = sums[(part + 1).min(n - 1)];
        before + 2.0 * sums[part] + after
    };
    let busiest = (0..n).max_by(|&a, &b| smooth(a).total_cmp(&smooth(b)).then(b.cmp(&a)))?;
    let real = |n: usize| (0..n).fold(0.0, |sum, _| sum + 1.0);
    let share = (real(busiest) + 0.5) / real(n);
    let lead = f64::from(row.length_days) * LEAD_SHARE;
    let after_onset = share * span_days(row.length_days) - lead;
    Some(Day((row.onset.mean_day() + after_onset).round() as i32))
}
