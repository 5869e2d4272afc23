//! Surge: does a neighbourhood have more than its own past leads one to expect?
//!
//! Gi* asks whether the cells *around* a cell stand out from the mission; a single cell far above
//! its past moves only its neighbours. This test looks at the neighbourhood as a whole against its
//! own expectation, wherever the others stand.

use forewarn_models::season::pearson_residual;
use forewarn_models::surge::exceedance;

use crate::base::error::Result;
use crate::tables::ComparedWith;

use super::family::{About, Tests, failed, judge};
use super::{Again, Detector, Found, Input, Night};

/// Negative binomial tail of each neighbourhood's count.
#[derive(Debug)]
pub(super) struct Surge;

impl Detector for Surge {
    fn name(&self) -> &'static str {
        "surge"
    }

    fn describe(&self) -> &'static str {
        "more reports around here than the season leads one to expect"
    }

    fn words(&self) -> &'static str {
        "surge"
    }

    fn compared_with(&self) -> ComparedWith {
        ComparedWith::Season
    }

    fn detect(&self, input: &Input<'_>) -> Result<Found> {
        let expected = input.expected;
        let sums = |column: &arrow::array::Float64Array| {
            input
                .neighbours
                .sums(column.values())
                .map_err(|e| failed(self, &e))
        };
        let count = sums(expected.located())?;
        let mean = sums(expected.located_expected())?;
        let variance = sums(expected.located_variance())?;
        let cells = 0..count.len();
        let z: Vec<_> = cells
            .clone()
            .map(|i| pearson_residual(count[i], mean[i], variance[i]))
            .collect();
        let p: Vec<_> = cells
            .map(|i| exceedance(count[i], mean[i], variance[i]))
            .collect();
        let value: Vec<_> = count.into_iter().map(Some).collect();
        let tests = Tests {
            value: &value,
            excess: &input.above_season(),
            z: &z,
            p: &p,
        };
        judge(self, &tests, about(input), input)
    }

    fn again<'a>(&self, input: &'a Input<'a>, night: &Night<'a>) -> Result<Option<Again<'a>>> {
        let expected = input.expected;
        let sums = |column: &[f64]| input.neighbours.sums(column).map_err(|e| failed(&Self, &e));
        let mean = sums(expected.located_expected().values())?;
        let variance = sums(expected.located_variance().values())?;
        let (then, hot) = (sums(expected.located().values())?, night.hot());
        let critical_p = night.critical_p();
        Ok(Some(Box::new(move |placement| {
            let located: Vec<f64> = placement.testifying().map(f64::from).collect();
            let counts = sums(&located)?;
            let judge = |(i, &count): (usize, &f64)| {
                let is_as_then = count.total_cmp(&then[i]).is_eq();
                let p = || exceedance(count, mean[i], variance[i]);
                let is_more = count > mean[i];
                if is_as_then {
                    hot[i]
                } else {
                    is_more && p().is_some_and(|p| p <= critical_p)
                }
            };
            Ok(counts.iter().enumerate().map(judge).collect())
        })))
    }
}

fn about(input: &Input<'_>) -> About {
    let ring = input.context.settings.detect.ring;
    About {
        statistic: "negative binomial upper tail",
        parameters: vec![
            ("value", "reports of the neighbourhood".to_owned()),
            (
                "comparator",
                "what the season leads one to expect here".to_owned(),
            ),
            (
                "weights",
                format!("binary, {ring} ring(s), the cell itself included"),
            ),
            (
                "null",
                "negative binomial with the summed mean and variance".to_owned(),
            ),
            ("years", input.years()),
        ],
    }
}
