//! What a backtest leaves behind: forecasts as Parquet, scores as JSON and CSV, plots as SVG.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, StringArray, UInt32Array};
use arrow::record_batch::RecordBatch;

use super::{cannot_write, parquet_file, plots};
use crate::base::error::{Error, Result};
use crate::tables::{Backtest, COUNT_LEVELS, Forecast, Measure, Scores};

const FORECASTS: &str = "forecasts.parquet";

/// Writes all files into a folder, which is made where it is not there.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_backtest(folder: &Path, backtest: &Backtest) -> Result<()> {
    fs::create_dir_all(folder).map_err(Error::io(folder, "create the folder"))?;
    let scores = &backtest.scores;
    let text = |name: &str, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(Error::io(&path, "write the file"))
    };
    let json = serde_json::to_string_pretty(scores).map_err(cannot_write("scores.json"))?;
    text("scores.json", json + "\n")?;
    text("scores.csv", csv(scores))?;
    text("reliability.svg", plots::reliability(scores)?)?;
    text("hit_rate.svg", plots::hit_rate(scores)?)?;
    text("skill.svg", plots::skill(scores)?)?;
    let path = folder.join(FORECASTS);
    let file = File::create(&path).map_err(Error::io(&path, "create the file"))?;
    let mut out = BufWriter::new(file);
    let hex: Vec<String> = backtest.cells.iter().map(ToString::to_string).collect();
    write_forecasts(&hex, &backtest.periods, scores.notice, &mut out)?;
    out.flush().map_err(Error::io(&path, "write the file"))
}

/// Every cell of every forecast, one row each.
pub(super) fn write_forecasts(
    hex: &[String],
    forecasts: &[Forecast],
    notice: Option<&'static str>,
    out: &mut (dyn Write + Send),
) -> Result<()> {
    let days = |day: fn(&Forecast) -> i32| -> ArrayRef {
        let each = forecasts
            .iter()
            .flat_map(|one| std::iter::repeat_n(day(one), hex.len()));
        Arc::new(Date32Array::from(each.collect::<Vec<_>>()))
    };
    let numbers = |values: fn(&Forecast) -> &Vec<f64>| -> ArrayRef {
        let all = forecasts.iter().flat_map(|one| values(one).iter().copied());
        Arc::new(Float64Array::from(all.collect::<Vec<_>>()))
    };
    let cells: Vec<&str> = forecasts
        .iter()
        .flat_map(|_| hex.iter().map(String::as_str))
        .collect();
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("hex_id".to_owned(), Arc::new(StringArray::from(cells))),
        ("period_start".to_owned(), days(|one| one.first_day.0)),
        ("period_end".to_owned(), days(|one| one.last_day.0)),
        ("p_event".to_owned(), numbers(|one| &one.p_event)),
        ("p_event_lo".to_owned(), numbers(|one| &one.p_lo)),
        ("p_event_hi".to_owned(), numbers(|one| &one.p_hi)),
        ("mean_count".to_owned(), numbers(|one| &one.mean_count)),
    ];
    for (k, level) in COUNT_LEVELS.iter().enumerate() {
        let all = forecasts
            .iter()
            .flat_map(|one| one.count_quantiles.iter().map(move |q| q[k]));
        let column = Arc::new(UInt32Array::from(all.collect::<Vec<_>>()));
        columns.push((format!("count_q{:02.0}", 100.0 * level), column));
    }
    let first = forecasts.first().map_or(&[][..], |one| &one.baselines);
    for (k, (name, _)) in first.iter().enumerate() {
        let all = forecasts
            .iter()
            .flat_map(|one| one.baselines[k].1.iter().copied());
        columns.push((
            (*name).to_owned(),
            Arc::new(Float64Array::from(all.collect::<Vec<_>>())),
        ));
    }
    let batch = RecordBatch::try_from_iter(columns).map_err(cannot_write(FORECASTS))?;
    parquet_file::write(FORECASTS, &batch, notice, out)
}

/// One line a figure: what it is of, its value, its intervals.
fn csv(scores: &Scores) -> String {
    let mut text =
        "by,of,forecast,measure,n_cases,n_events,value,by_period_lo,by_period_hi,by_area_lo,by_area_hi\n".to_owned();
    let n_cases = scores.n_cells * scores.n_periods;
    for one in &scores.forecasts {
        let budgets = one
            .hit_rate
            .iter()
            .map(|(at, m)| (format!("hit_rate_{at}"), *m));
        let pei = one.pei.iter().map(|(at, m)| (format!("pei_{at}"), *m));
        let figures = [
            ("average_precision", one.average_precision),
            ("auroc", one.auroc),
            ("brier", one.brier),
            ("brier_skill", one.brier_skill),
            ("brier_skill_season", one.brier_skill_season),
        ];
        let figures = figures.map(|(name, measure)| (name.to_owned(), measure));
        for (name, measure) in figures.into_iter().chain(budgets).chain(pei) {
            let head = format!("all,,{},{name},{n_cases},{}", one.forecast, scores.n_events);
            line(&mut text, &head, measure);
        }
    }
    for slice in &scores.slices {
        for (name, measure) in [
            ("average_precision", slice.average_precision),
            ("auroc", slice.auroc),
        ] {
            let head = format!(
                "{},{},{},{name},{},{}",
                slice.by, slice.of, slice.forecast, slice.n_cases, slice.n_events
            );
            line(&mut text, &head, measure);
        }
    }
    text
}

fn line(text: &mut String, head: &str, measure: Measure) {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.6}"));
    let ends = |ends: Option<(f64, f64)>| {
        format!(
            "{},{}",
            number(ends.map(|ends| ends.0)),
            number(ends.map(|ends| ends.1))
        )
    };
    let _ = writeln!(
        text,
        "{head},{},{},{}",
        number(measure.value),
        ends(measure.by_period),
        ends(measure.by_area)
    );
}
