//! `forewarn demo`: the bundled synthetic mission, written and run.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::error::{Error, Result};
use crate::synth::{self, Plan};

use super::Options;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the mission; an earlier demo there is written anew
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    let settings = arguments.out.join("mission.toml");
    if settings.exists() && !super::run::settings(&arguments.out)?.mission.synthetic {
        return Err(Error::Usage {
            what: format!(
                "{} holds a mission that is not synthetic",
                arguments.out.display()
            ),
            expected: "name another folder with --out".to_owned(),
        });
    }
    let plan = Plan::DEMO;
    forget_earlier(&arguments.out)?;
    synth::generate(&plan, &arguments.out, &options.progress(plan.steps()))?;
    let night = super::run::night(&arguments.out, synth::DEMO_AS_OF, options)?;
    options.output().night(&night)
}

/// Removes what an earlier demo published: another version of the program may have written it.
fn forget_earlier(mission: &Path) -> Result<()> {
    let (latest, runs) = (mission.join("latest"), mission.join("runs"));
    for (path, removed) in [
        (&latest, fs::remove_file(&latest)),
        (&runs, fs::remove_dir_all(&runs)),
    ] {
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::io(path, "remove the earlier demo")(error));
            }
            _ => {}
        }
    }
    Ok(())
}
