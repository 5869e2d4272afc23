//! Emerging hot spots: the course of each cell over the steps of the last years, in the classic form
//! and against the season.

use std::collections::BTreeMap;

use forewarn_models::grid::Neighbours;
use forewarn_models::hotspot::{
    Compat, EmergingClass, EmergingParams, TrendTest, benjamini_hochberg_of_steps,
    emerging_classes, local_g_star_of_steps,
};
use forewarn_models::risk::{FitError, GammaPrior};
use forewarn_models::season::pearson_residuals;
use forewarn_models::units::two_sided_p;

use crate::base::error::{Error, Result};
use crate::base::settings::{Trend, Wording};
use crate::tables::{CellSteps, ClassRow, Classes, ClassesBuilder, DetectorRecord};

use super::Input;

/// Classes of every cell in both forms, and what was done.
pub(super) fn classes(input: &Input<'_>) -> Result<(Classes, Vec<DetectorRecord>)> {
    let steps = input.steps;
    let rates = rates(steps, input.expected.area_km2().values())?;
    let residuals = pearson_residuals(&steps.located, &steps.expected, &steps.variance)
        .map_err(Error::statistic("detect"))?;
    let classic = course(input, &rates)?;
    let seasonal = course(input, &residuals)?;
    let mut rows = ClassesBuilder::default();
    let forms = classic.iter().zip(&seasonal);
    for (&cell, (classic, seasonal)) in input.expected.cell().values().iter().zip(forms) {
        rows.push(ClassRow {
            cell,
            classic: classic.map(EmergingClass::name),
            seasonal: seasonal.map(EmergingClass::name),
        });
    }
    let records = vec![
        record(input, "emerging_classic", "empirical Bayes rate", &classic),
        record(
            input,
            "emerging_seasonal",
            "Pearson residual of the seasonal expectation",
            &seasonal,
        ),
    ];
    Ok((rows.finish(), records))
}

/// Smoothed rate of every step relative to the mean over all cells and steps; the spread between
/// cells is that of their sums over all steps.
fn rates(steps: &CellSteps, area_km2: &[f64]) -> Result<Vec<Option<f64>>> {
    let sums: Vec<f64> = steps
        .located
        .chunks(steps.n_steps)
        .map(|cell| cell.iter().sum())
        .collect();
    let mean_rate = sums.iter().sum::<f64>() / area_km2.iter().sum::<f64>();
    let expected: Vec<f64> = area_km2.iter().map(|area| area * mean_rate).collect();
    let prior = match GammaPrior::fit(&sums, &expected) {
        Ok(fitted) => fitted.prior,
        // Without any report all rates are the same, and no step is a spot.
        Err(FitError::NoCount | FitError::NoExpected) => {
            return Ok(vec![Some(1.0); steps.located.len()]);
        }
        Err(reason) => return Err(Error::statistic("detect")(reason)),
    };
    #[allow(clippy::cast_precision_loss, reason = "a few hundred steps")]
    let share = 1.0 / steps.n_steps as f64;
    let cells = steps.located.chunks(steps.n_steps).zip(&expected);
    let mut rates = Vec::with_capacity(steps.located.len());
    for (counts, expected) in cells {
        for &count in counts {
            let rate = prior
                .posterior(count, expected * share)
                .map_err(Error::statistic("detect"))?;
            rates.push(Some(rate.mean()));
        }
    }
    Ok(rates)
}

/// Class of every cell by its Gi* at each step, hot and cold after control for false discoveries
/// among the cells of the step.
fn course(input: &Input<'_>, values: &[Option<f64>]) -> Result<Vec<Option<EmergingClass>>> {
    let failed = |reason: &dyn std::error::Error| Error::Statistic {
        stage: "detect",
        reason: format!("emerging hot spots: {reason}"),
    };
    let n_steps = input.steps.n_steps;
    let observed: Vec<bool> = values.iter().map(Option::is_some).collect();
    let filled: Vec<f64> = values.iter().map(|value| value.unwrap_or(0.0)).collect();
    let neighbours: &Neighbours = input.neighbours;
    let z =
        local_g_star_of_steps(&filled, &observed, n_steps, neighbours).map_err(|e| failed(&e))?;
    let p: Vec<Option<f64>> = z.iter().map(|z| z.map(two_sided_p)).collect();
    let adjusted = benjamini_hochberg_of_steps(&p, n_steps).map_err(|e| failed(&e))?;
    let params = params(
        &input.context.settings.trend,
        input.context.settings.detect.false_discovery_rate,
    );
    emerging_classes(&z, &adjusted, n_steps, params).map_err(|e| failed(&e))
}

fn params(trend: &Trend, q: f64) -> EmergingParams {
    EmergingParams {
        q,
        alpha: trend.level,
        trend: TrendTest::MannKendall,
        compat: match trend.wording {
            Wording::Esri2024 => Compat::Esri2024,
            Wording::EsriLegacy => Compat::EsriLegacy,
        },
    }
}

fn record(
    input: &Input<'_>,
    name: &'static str,
    value: &'static str,
    classes: &[Option<EmergingClass>],
) -> DetectorRecord {
    let trend = &input.context.settings.trend;
    let steps = input.steps;
    let is_hot = |class: &&Option<EmergingClass>| matches!(class, Some(EmergingClass::Hot(_)));
    let n_hot = classes.iter().filter(is_hot).count();
    let parameters = [
        ("value", value.to_owned()),
        (
            "steps",
            format!(
                "{} of {} weeks, the first from {}",
                steps.n_steps,
                steps.step_weeks,
                steps.first_week.first_day()
            ),
        ),
        ("comparator", "slice".to_owned()),
        (
            "null",
            "normal, two-sided; Benjamini-Hochberg within each step".to_owned(),
        ),
        ("trend", format!("Mann-Kendall at {}", trend.level)),
        ("wording", trend.wording.name().to_owned()),
    ];
    DetectorRecord {
        name,
        words: "course",
        compared_with: None,
        statistic: "emerging hot spots (Gi* by step)",
        family: format!("{} cells of each of {} steps", classes.len(), steps.n_steps),
        n_tests: classes.iter().flatten().count(),
        n_hot: u32::try_from(n_hot).unwrap_or(u32::MAX),
        parameters: BTreeMap::from(parameters),
    }
}
