//! Forecasts of the past, made as a night of their first day would have made them.

use std::path::PathBuf;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::digest;
use crate::base::error::Result;
use crate::forecast;
use crate::index;
use crate::publish;
use crate::season::Card;
use crate::tables::{BacktestRequest, Scores};

use super::read::{Inputs, Read};

/// Steps of the progress bar.
pub const BACKTEST_STAGES: u64 = 6;

/// Reads what is known, forecasts every period asked for from what was known on its first day, scores it, and
/// leaves files in `out`, or in a folder of the mission. Nothing is written down in the ledger.
///
/// # Errors
/// As a night where files cannot be read; where no period can be forecast; where files cannot be written.
pub fn backtest(
    context: &Context,
    inputs: Inputs<'_>,
    request: &BacktestRequest,
    out: Option<PathBuf>,
) -> Result<(Scores, PathBuf)> {
    let (read, counts) = Read::all(context, inputs, false)?;
    context.progress.stage("index");
    let (study_area, history) = index::learn(context, counts, &read.boundaries)?;
    let card = Card::named(&context.settings.season.card)?;
    let phase_of = |day: Day| card.phase_of(day.week()).to_owned();
    let digest = digest_of(context, &read, request);
    let mut backtest = forecast::backtest(&forecast::Input {
        context,
        study_area: &study_area,
        history: &history,
        request,
        phase_of: &phase_of,
        digest: &digest,
    })?;
    let scores = &mut backtest.scores;
    scores.notice = context
        .settings
        .mission
        .synthetic
        .then_some(publish::SYNTHETIC_NOTICE);
    let folder = out.unwrap_or_else(|| {
        let name = format!("{}_{}_{}", request.from, request.to, &digest[..12]);
        inputs.mission.join("backtests").join(name)
    });
    publish::write_backtest(&folder, &backtest)?;
    Ok((backtest.scores, folder))
}

/// The same inputs, settings, seed and request: the same files.
fn digest_of(context: &Context, read: &Read, request: &BacktestRequest) -> String {
    let days = [request.from, request.to, request.periods_from].map(|day| day.to_string());
    let numbers =
        [request.horizon_days, request.embargo_days, request.leads].map(|n| n.to_string());
    let seed = context.seed.0.to_string();
    let head = [
        env!("CARGO_PKG_VERSION").to_owned(),
        context.settings.digest(),
        seed,
        read.known_digest.clone(),
        forecast::card_digest(),
    ];
    let files = read.files.iter().map(|file| file.digest.clone());
    let parts: Vec<String> = head
        .into_iter()
        .chain(days)
        .chain(numbers)
        .chain(files)
        .collect();
    digest::of_parts(parts.iter().map(String::as_bytes))
}
