//! `forewarn synth`: a generated mission of any size, with its truth beside it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::base::error::Result;
use crate::synth::{self, Plan};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Incidents to generate
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(synth::SIZES))]
    incidents: u64,
    /// Folder of the new mission
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    super::refuse_existing_mission(&arguments.out)?;
    let plan = Plan {
        incidents: arguments.incidents,
        seed: options.seed(),
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
