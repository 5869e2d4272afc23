//! Global Moran's I: do cells lie among their like, over the whole mission?

use forewarn_models::hotspot::{Weighting, moran, moran_p_value};
use forewarn_models::permute::Side;

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::series::Material;
use super::told::Told;
use super::{Statistic, failed};

/// Moran's I of one value per cell.
#[derive(Debug)]
pub(super) struct Moran {
    name: &'static str,
    value: &'static str,
    /// What a high I says.
    clustered: &'static str,
    of: fn(&Input<'_>) -> Result<Vec<Option<f64>>>,
}

/// Of departures from the season.
pub(super) const OF_RESIDUALS: Moran = Moran {
    name: "moran_residuals",
    value: "Pearson residual of the seasonal expectation",
    clustered: "departures from the season lie near each other: something beyond single places",
    of: |input| input.residuals(),
};

/// Of rates.
pub(super) const OF_RATES: Moran = Moran {
    name: "moran_rates",
    value: "empirical Bayes rate of the window",
    clustered: "high rates lie near high rates",
    of: |input| {
        let rates = input.expected.relative_rate().values().iter();
        Ok(rates.copied().map(Some).collect())
    },
};

impl Statistic for Moran {
    fn name(&self) -> &'static str {
        self.name
    }

    fn statistic(&self) -> &'static str {
        "global Moran's I"
    }

    fn find(&self, input: &Input<'_>, _material: &Material) -> Result<Vec<Finding>> {
        let values = (self.of)(input)?;
        let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
        let filled: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
        let n = values.iter().flatten().count();
        let permutations = input.context.settings.findings.permutations;
        let (weighting, null) = (Weighting::RowStandardised, (permutations, Side::Upper));
        let map = (&filled, &observed, input.neighbours);
        let found = moran(map.0, map.1, map.2, weighting).map_err(|e| failed(self, &e))?;
        let p = moran_p_value(map.0, map.1, map.2, weighting, null, input.context.seed)
            .map_err(|e| failed(self, &e))?;
        let (Some(found), Some(p)) = (found, p) else {
            let reason = "all cells have the same value";
            return Ok(vec![Told::unanswered(n, reason).of_mission(self)]);
        };
        let settings = &input.context.settings.detect;
        let words = if p <= settings.false_discovery_rate {
            self.clustered
        } else {
            "no more alike near each other than anywhere"
        };
        let told = Told {
            value: Some(found.i),
            p: Some(p),
            n,
            words: words.to_owned(),
            parameters: vec![
                ("value", self.value.to_owned()),
                (
                    "weights",
                    format!("row-standardised, {} ring(s)", settings.ring),
                ),
                ("expected", format!("{:.6}", found.expected)),
                ("null", format!("{permutations} permutations, upper tail")),
            ],
        };
        Ok(vec![told.of_mission(self)])
    }
}
