//! What the season leads one to expect.

use crate::base::table::{F64, U64};
use crate::table;

table! {
    /// One row per cell of the study area: reports in the detection window against what the season
    /// leads one to expect, and the posterior of its rate.
    Expected, row ExpectedCell, builder ExpectedBuilder {
        /// H3 cell.
        cell: U64,
        /// True area.
        area_km2: F64,
        /// Incidents of the window, all precisions.
        observed: F64,
        /// Incidents of the window known finely enough for the detectors, each whole at its own cell.
        located: F64,
        /// Expected incidents of the window, all precisions.
        expected: F64,
        /// Expected incidents of the window among those known finely enough.
        located_expected: F64,
        /// Predictive variance of the latter.
        located_variance: F64,
        /// Smoothed rate of the window relative to the study area's mean (classic form).
        relative_rate: F64,
        /// What one report more, known finely enough, adds to the smoothed rate.
        rate_per_report: F64,
        /// Shape of the gamma posterior of the relative rate.
        posterior_shape: F64,
        /// Rate parameter of the same.
        posterior_rate: F64,
    }
}
