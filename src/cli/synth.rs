//! `forewarn synth`: a generated mission of any size, with its truth beside it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::base::error::Result;
use crate::synth::{self, Plan, SeasonShift};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Incidents to generate
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(synth::SIZES))]
    incidents: u64,
    /// Folder of the new mission
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Days by which one season comes later than the others, or earlier (negative)
    #[arg(long, value_name = "DAYS", default_value_t = 0, allow_negative_numbers = true,
          value_parser = clap::value_parser!(i32).range(-120..=120))]
    season_shift_days: i32,
    /// Year in which that season begins
    #[arg(long, value_name = "YEAR", default_value_t = 2023,
          value_parser = clap::value_parser!(i16).range(2018..=2024))]
    shifted_season: i16,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    super::refuse_existing_mission(&arguments.out)?;
    let plan = Plan {
        incidents: arguments.incidents,
        seed: options.seed(),
        shift: SeasonShift {
            year: arguments.shifted_season,
            days: arguments.season_shift_days,
        },
    };
    let summary = synth::generate(&plan, &arguments.out, &options.progress(plan.steps()))?;
    let out = arguments.out.display().to_string();
    options.output().result(
        &json!({ "mission": out, "incidents": summary.incidents, "as_of": synth::DEMO_AS_OF.to_string() }),
        &[
            format!("{} SYNTHETIC incidents written to {out}", summary.incidents),
            format!("next: forewarn run {out} --as-of {}", synth::DEMO_AS_OF),
        ],
    )
}
