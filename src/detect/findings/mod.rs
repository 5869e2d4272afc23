//! What speaks of the mission or of a first-level area and not of a cell. Nothing here raises a zone.

mod contagion;
mod cusum;
mod farrington;
mod harmonic;
mod hawkes;
mod hawkes_space_time;
mod knox;
mod local_moran;
mod moran;
mod rayleigh;
mod series;
mod told;
mod watson;

use std::time::Instant;

use crate::base::error::{Error, Result};
use crate::tables::{Finding, Findings};

use super::Input;
use series::Material;

/// A statistic of the mission or of its areas, named for the textbook.
trait Statistic: Sync {
    /// Its registered name.
    fn name(&self) -> &'static str;

    /// Textbook name of the statistic.
    fn statistic(&self) -> &'static str;

    /// Computes it for every scope it speaks of. Where there is no answer, a finding says why.
    ///
    /// # Errors
    /// Where the statistic refuses input that an earlier stage should not have made.
    fn find(&self, input: &Input<'_>, material: &Material) -> Result<Vec<Finding>>;
}

/// Every statistic. Adding one is a file here and a line there.
const STATISTICS: &[&dyn Statistic] = &[
    &moran::OF_RESIDUALS,
    &moran::OF_RATES,
    &local_moran::LocalMoran,
    &rayleigh::ONE_MODE,
    &rayleigh::TWO_MODES,
    &watson::Watson,
    &harmonic::Harmonic,
    &knox::Knox,
    &hawkes::Hawkes,
    &hawkes_space_time::HawkesSpaceTime,
    &farrington::Farrington,
    &cusum::Cusum,
];

/// All findings.
pub(super) fn run(input: &Input<'_>) -> Result<Findings> {
    let material = Material::of(input);
    let mut rows = Vec::new();
    for statistic in STATISTICS {
        let began = Instant::now();
        rows.extend(statistic.find(input, &material)?);
        let took_s = began.elapsed().as_secs_f64();
        tracing::debug!(finding = statistic.name(), took_s);
    }
    Ok(Findings {
        rows,
        ..Findings::default()
    })
}

/// A statistic's refusal, told as its own.
fn failed(statistic: &dyn Statistic, reason: &dyn std::error::Error) -> Error {
    Error::Statistic {
        stage: "detect",
        reason: format!("{}: {reason}", statistic.name()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn statistics_have_names_of_their_own() {
        let names: BTreeSet<_> = STATISTICS.iter().map(|s| s.name()).collect();
        assert_eq!(names.len(), STATISTICS.len());
    }
}
