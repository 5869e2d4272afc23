//! `forewarn init DIR --from FILE...`: a new mission folder from the files there are.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::base::error::{Error, Result};
use crate::base::settings::{Limits, SourceSettings};
use crate::season::Card;
use crate::sources::{self, Reading};
use crate::tables::{Boundaries, Intake};

use super::Options;

/// Settings of a new mission, with a reason beside each.
const TEMPLATE: &str = include_str!("init.toml");

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the new mission
    dir: PathBuf,
    /// Files to read; their sources are told by their content
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    super::refuse_existing_mission(&arguments.dir)?;
    let helper = super::helper()?;
    let mut declared = Vec::new();
    let mut lines = Vec::new();
    for file in &arguments.from {
        let path = fs::canonicalize(file).map_err(|_missing| Error::Absent {
            path: file.clone(),
            expected: "name files that are there".to_owned(),
        })?;
        match sources::detect(&path, Some(&helper))? {
            Some(detected) => {
                lines.push(format!("{}: {}", file.display(), detected.describe));
                declared.push(detected.settings);
            }
            None => lines.push(format!(
                "{}: no source recognises it; declare it as kind = \"mapped\" with a column map",
                file.display()
            )),
        }
    }
    let country = country(&declared, &helper)?;
    write_mission(&arguments.dir, &country, &declared)?;
    let dir = arguments.dir.display().to_string();
    lines.push(format!(
        "{dir}/mission.toml written for {country}; next: forewarn check {dir}"
    ));
    let sources: Vec<&str> = declared.iter().map(|source| source.kind.as_str()).collect();
    options.output().result(
        &json!({ "mission": dir, "country": country, "sources": sources }),
        &lines,
    )
}

/// Country of the coarsest boundaries, which is where the mission is.
fn country(declared: &[SourceSettings], helper: &Path) -> Result<String> {
    let mut intake = Intake::default();
    for settings in declared
        .iter()
        .filter(|settings| settings.kind == "boundaries")
    {
        if let Some(source) = sources::ALL
            .iter()
            .find(|source| source.name() == settings.kind)
        {
            let reading = Reading {
                settings,
                limits: &Limits::default(),
                area: None,
                as_of: None,
                helper: Some(helper),
            };
            source.read(Path::new(&settings.path), &reading, &mut intake)?;
        }
    }
    let boundaries = Boundaries::new(intake.areas);
    let country = boundaries.areas().iter().find_map(|area| area.iso3.clone());
    country.ok_or_else(|| Error::Usage {
        what: "no file tells which country the mission is in".to_owned(),
        expected: "name a boundaries file with P-codes among --from".to_owned(),
    })
}

fn write_mission(dir: &Path, country: &str, declared: &[SourceSettings]) -> Result<()> {
    let card = country.to_lowercase();
    let card = if Card::named(&card).is_ok() {
        card
    } else {
        "caf".to_owned()
    };
    let mut text = TEMPLATE
        .replace("{country}", country)
        .replace("{card}", &card);
    for source in declared {
        let path = toml::Value::String(source.path.clone());
        let _ = write!(
            text,
            "\n[[source]]\nkind = \"{}\"\npath = {path}\n",
            source.kind
        );
        if let Some(encoding) = &source.encoding {
            let _ = writeln!(
                text,
                "encoding = \"{encoding}\"  # it is not UTF-8; or windows-1252, windows-1256"
            );
        }
    }
    let inbox = dir.join("inbox");
    fs::create_dir_all(&inbox).map_err(Error::io(&inbox, "make the folder"))?;
    let path = dir.join("mission.toml");
    fs::write(&path, text).map_err(Error::io(&path, "write the settings"))
}
