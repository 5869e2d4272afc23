//! `forewarn backtest DIR --from D --to D`: what forecasts of the past were worth.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::session::Session;
use crate::nightly;
use crate::tables::{BacktestRequest, ForecastScore, Measure, Scores};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Mission folder
    dir: PathBuf,
    /// First day whose periods are forecast
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    from: Day,
    /// Last day whose periods are forecast
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    to: Day,
    /// Day from which periods are counted, backwards and forwards [default: --from]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    periods_from: Option<Day>,
    /// Days of a period
    #[arg(long, value_name = "N", default_value_t = 28, value_parser = clap::value_parser!(i32).range(1..=366))]
    horizon_days: i32,
    /// Days before an origin whose reports are not yet looked at [default: `window.reporting_delay_days`]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..=366))]
    embargo_days: Option<i32>,
    /// Periods ahead that are forecast, each by models of its own
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(i32).range(1..=12))]
    leads: i32,
    /// Folder for the files [default: `DIR/backtests/FROM_TO_DIGEST`]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    let settings = super::run::settings(&arguments.dir)?;
    if arguments.to < arguments.from {
        return Err(Error::Usage {
            what: "--to lies before --from".to_owned(),
            expected: "name a last day that is not before the first".to_owned(),
        });
    }
    let delay = i32::from(settings.window.reporting_delay_days);
    let request = BacktestRequest {
        from: arguments.from,
        to: arguments.to,
        periods_from: arguments.periods_from.unwrap_or(arguments.from),
        horizon_days: arguments.horizon_days,
        embargo_days: arguments.embargo_days.unwrap_or(delay),
        leads: arguments.leads,
    };
    let context = Context {
        // What came is judged once the last period's reports have arrived.
        as_of: Day(request.to.0 + request.horizon_days + delay.max(request.embargo_days)),
        settings,
        seed: options.seed(),
        session: Session::new(options.limits())?,
        progress: options.progress(nightly::BACKTEST_STAGES),
    };
    let (data, helper) = (super::data_folder(), super::helper()?);
    let inputs = nightly::Inputs {
        mission: &arguments.dir,
        data: data.as_deref(),
        helper: Some(&helper),
    };
    let (scores, folder) = nightly::backtest(&context, inputs, &request, arguments.out.clone())?;
    let mut lines = lines(&scores);
    lines.push(format!(
        "forecasts, scores and plots in {}",
        folder.display()
    ));
    let value = json!({ "folder": folder.display().to_string(), "scores": scores });
    options.output().result(&value, &lines)
}

/// A figure with the wider of its intervals.
fn shown(measure: Option<&Measure>) -> String {
    let Some((measure, value)) = measure.and_then(|measure| Some((measure, measure.value?))) else {
        return "-".to_owned();
    };
    let ends = [measure.by_period, measure.by_area].into_iter().flatten();
    let widest = ends.max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
    widest.map_or(format!("{value:.3}"), |(lo, hi)| {
        format!("{value:.3} ({lo:.3} to {hi:.3})")
    })
}

fn lines(scores: &Scores) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(scores.notice.map(str::to_owned));
    lines.push(format!(
        "{}: {} periods of {} days, {} cells of resolution {}; {} cells and periods with an incident, base rate {:.5}",
        scores.mission,
        scores.n_periods,
        scores.request.horizon_days,
        scores.n_cells,
        scores.resolution,
        scores.n_events,
        scores.base_rate
    ));
    lines.push("90 % intervals: the wider of resampled periods and resampled areas".to_owned());
    lines.push(format!(
        "{:<22} {:<26} {:<26} {:<26} {:<26} {}",
        "forecast",
        "average precision",
        "AUROC",
        "hits, 1 % of the area",
        "hits, 5 %",
        "Brier skill"
    ));
    lines.extend(scores.forecasts.iter().map(forecast_line));
    let model = scores.forecasts.first();
    if let Some((intercept, slope)) = model.and_then(|model| model.calibration) {
        lines.push(format!(
            "calibration of the model: intercept {intercept:.2}, slope {slope:.2}"
        ));
    }
    lines.push(format!(
        "lead over {} in average precision {}{}",
        scores.best_baseline,
        shown(Some(&scores.lead)),
        if scores.model_is_shown {
            ""
        } else {
            ": the model loses to it, and is not shown by default"
        }
    ));
    lines.push(String::new());
    lines.push(format!(
        "{:<14} {:<14} {:<22} {:>8} {:>9}  {:<26} {}",
        "by", "of", "forecast", "events", "base rate", "average precision", "AUROC"
    ));
    lines.extend(scores.slices.iter().map(|slice| {
        format!(
            "{:<14} {:<14} {:<22} {:>8} {:>9.5}  {:<26} {}",
            slice.by,
            slice.of,
            slice.forecast,
            slice.n_events,
            slice.base_rate,
            shown(Some(&slice.average_precision)),
            shown(Some(&slice.auroc))
        )
    }));
    lines.extend(scores.notes.iter().map(|note| format!("note: {note}")));
    lines
}

fn forecast_line(one: &ForecastScore) -> String {
    format!(
        "{:<22} {:<26} {:<26} {:<26} {:<26} {}",
        one.forecast,
        shown(Some(&one.average_precision)),
        shown(Some(&one.auroc)),
        shown(one.hit_rate.get(&1)),
        shown(one.hit_rate.get(&5)),
        shown(Some(&one.brier_skill))
    )
}
