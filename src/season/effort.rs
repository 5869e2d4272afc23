//! Effort over the whole history, by stratum and week: what reports may follow beside the season.

use h3o::{LatLng, Resolution};

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::tables::{Effort, StudyArea};

use super::history::Weeks;
use super::strata::Strata;

/// Weeks on each side that a week's effort is averaged over: teams come and go, what people would have
/// told the last one they tell the next.
const AROUND_WEEKS: usize = 4;

/// Hours of presence by stratum and week, averaged over the weeks around. `None` unless there were some
/// around every week of the history and the window in every stratum: no log is not no effort.
///
/// # Errors
/// Where the resolution of the settings is none.
pub(super) fn hours(
    context: &Context,
    study_area: &StudyArea,
    strata: &Strata,
    weeks: &Weeks,
    effort: &Effort,
) -> Result<Option<Vec<Vec<f64>>>> {
    let resolution = Resolution::try_from(context.settings.area.resolution);
    let resolution = resolution.map_err(Error::statistic("season"))?;
    let mut hours = vec![vec![0.0; weeks.len()]; strata.len()];
    for row in 0..effort.len() {
        let place = LatLng::new(effort.lat_deg().value(row), effort.lon_deg().value(row)).ok();
        let cell = place.and_then(|place| study_area.grid.position(place.to_cell(resolution)));
        let at = weeks.position(Day(effort.date().value(row)).week());
        if let Some((cell, at)) = cell.zip(at) {
            hours[strata.of_cell[cell]][at] += effort.hours().value(row);
        }
    }
    let inhabited = hours.iter().zip(&strata.km2).filter(|(_, km2)| **km2 > 0.0);
    let known = inhabited
        .clone()
        .all(|(hours, _)| around(hours).iter().all(|&hours| hours > 0.0));
    Ok((known && inhabited.count() > 0).then(|| {
        let strata = hours.iter().zip(&strata.km2);
        strata
            .map(|(hours, &km2)| {
                if km2 > 0.0 {
                    around(hours)
                } else {
                    vec![1.0; hours.len()]
                }
            })
            .collect()
    }))
}

/// Means over the weeks around each, as far as there are any.
fn around(hours: &[f64]) -> Vec<f64> {
    let mean = |at: usize| {
        let near =
            &hours[at.saturating_sub(AROUND_WEEKS)..(at + AROUND_WEEKS + 1).min(hours.len())];
        near.iter().sum::<f64>() / f64::from(u32::try_from(near.len()).unwrap_or(u32::MAX))
    };
    (0..hours.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effort_is_averaged_over_the_weeks_around_as_far_as_there_are_any() {
        let mut hours = vec![0.0; 12];
        hours[0] = 9.0;
        let around = around(&hours);
        assert_eq!(around[..6], [1.8, 1.5, 9.0 / 7.0, 9.0 / 8.0, 1.0, 0.0]);
    }
}
