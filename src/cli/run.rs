//! `forewarn run DIR --as-of DATE`: one night.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::Context;
use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::session::Session;
use crate::base::settings::{Known, Settings};
use crate::nightly::{self, Night};
use crate::{season, sources};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Mission folder
    dir: PathBuf,
    /// The day the run is for
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::as_of)]
    as_of: Day,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    let night = night(&arguments.dir, arguments.as_of, options)?;
    options.output().night(&night)
}

/// Reads the settings, freezes the context, runs the night.
pub(super) fn night(dir: &Path, as_of: Day, options: &Options) -> Result<Night> {
    let context = context(dir, as_of, options)?;
    let (data, helper) = (super::data_folder(), super::helper()?);
    let inputs = nightly::Inputs {
        mission: dir,
        data: data.as_deref(),
        helper: Some(&helper),
    };
    nightly::run(&context, inputs)
}

/// Everything a run depends on beside its inputs.
pub(super) fn context(dir: &Path, as_of: Day, options: &Options) -> Result<Context> {
    let settings = settings(dir)?;
    Ok(Context {
        settings,
        as_of,
        seed: options.seed(),
        session: Session::new(options.limits())?,
        progress: options.progress(nightly::STAGES),
    })
}

/// The mission's checked settings.
pub(super) fn settings(dir: &Path) -> Result<Settings> {
    let path = dir.join("mission.toml");
    let text = std::fs::read_to_string(&path).map_err(|_missing| Error::Usage {
        what: format!("{} cannot be read", path.display()),
        expected: "name a mission folder, or make one with `forewarn init`".to_owned(),
    })?;
    let known = Known {
        sources: sources::names(),
        seasons: season::names(),
    };
    Settings::check(&path, &text, &known)
}
