//! `forewarn init DIR --from FILE...`: a new mission folder from the files there are.

mod choose;
mod survey;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use geo::Rect;
use serde_json::json;

use crate::base::error::{Error, Result};
use crate::season::Card;
use crate::sources;
use crate::tables::Boundaries;

use super::Options;
use choose::LeftAside;
use survey::Held;

/// Settings of a new mission, with a reason beside each.
const TEMPLATE: &str = include_str!("init.toml");

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the new mission
    dir: PathBuf,
    /// Files, or folders of files; their sources are told by their content
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from: Vec<PathBuf>,
    /// The mission's country, ISO 3166-1 alpha-3; the one that most boundaries are of where not given
    #[arg(long, value_name = "ISO3")]
    country: Option<String>,
}

/// The files that make the mission, and those that do not, with the reason.
struct Choice {
    country: String,
    declared: Vec<Held>,
    aside: Vec<LeftAside>,
    /// Files that are no source's, or cannot be read.
    unread: Vec<(String, String)>,
}

pub(super) fn run(arguments: &Arguments, options: &Options) -> Result<()> {
    super::refuse_existing_mission(&arguments.dir)?;
    let choice = choose(arguments)?;
    let country = &choice.country;
    write_mission(&arguments.dir, &choice)?;
    let dir = arguments.dir.display().to_string();
    let mut lines = Vec::new();
    let (mut sources, mut aside) = (Vec::new(), Vec::new());
    for held in &choice.declared {
        lines.push(format!("{}: {}", held.file.shown, held.told()));
        sources.push(held.file.settings.kind.as_str());
    }
    for LeftAside { held, reason } in &choice.aside {
        lines.push(format!("left aside  {}: {reason}", held.file.shown));
        aside.push(json!({ "file": held.file.shown, "reason": reason }));
    }
    for (file, reason) in &choice.unread {
        lines.push(format!("not read    {file}: {reason}"));
        aside.push(json!({ "file": file, "reason": reason }));
    }
    if choice
        .unread
        .iter()
        .any(|(_, reason)| reason == survey::UNKNOWN)
    {
        let hint = "a table of incidents that no source recognises can be declared as kind = \"mapped\", by its columns";
        lines.push(hint.to_owned());
    }
    lines.push(format!(
        "{dir}/mission.toml written for {country} with {} source(s); next: forewarn check {dir}",
        sources.len()
    ));
    options.output().result(
        &json!({ "mission": dir, "country": country, "sources": sources, "left_aside": aside }),
        &lines,
    )
}

/// Recognises every file, reads each once, boundaries first, and keeps one country's newest.
fn choose(arguments: &Arguments) -> Result<Choice> {
    let helper = super::helper()?;
    let (mut recognised, mut unread) = (Vec::new(), Vec::new());
    for file in survey::files(&arguments.from)? {
        match survey::recognise(&file, &helper) {
            Ok(file) => recognised.push(file),
            Err(reason) => unread.push((file.display().to_string(), reason)),
        }
    }
    let (boundaries, others): (Vec<_>, Vec<_>) = recognised
        .into_iter()
        .partition(|file| file.settings.kind == "boundaries");
    let mut read = |files: Vec<survey::Recognised>, area: Option<Rect<f64>>| {
        let mut held = Vec::new();
        for file in files {
            match survey::read(file, area, &helper) {
                Ok(file) => held.push(file),
                Err(file) => unread.push(file),
            }
        }
        held
    };
    let mut aside = Vec::new();
    let boundaries = read(boundaries, None);
    let country = choose::country(arguments.country.as_deref(), &boundaries)?;
    let boundaries = choose::of_country(&country, boundaries, &mut aside);
    let boundaries = choose::newest(boundaries, &mut aside);
    let areas = boundaries
        .iter()
        .flat_map(|held| held.intake.areas.iter().cloned());
    let areas = Boundaries::new(areas.collect());
    let others = read(others, sources::enclosed(areas.areas()));
    let others = choose::in_country(&country, &areas, others, &mut aside);
    let others = choose::newest(others, &mut aside);
    Ok(Choice {
        country,
        declared: boundaries.into_iter().chain(others).collect(),
        aside,
        unread,
    })
}

fn write_mission(dir: &Path, choice: &Choice) -> Result<()> {
    let country = &choice.country;
    let card = country.to_lowercase();
    let card = if Card::named(&card).is_ok() {
        card
    } else {
        "caf".to_owned()
    };
    let mut text = TEMPLATE
        .replace("{country}", country)
        .replace("{card}", &card);
    for held in &choice.declared {
        text.push_str(&declaration(held, ""));
    }
    for LeftAside { held, reason } in &choice.aside {
        let _ = write!(text, "\n# Left aside: {reason}.{}", declaration(held, "# "));
    }
    let inbox = dir.join("inbox");
    fs::create_dir_all(&inbox).map_err(Error::io(&inbox, "make the folder"))?;
    let path = dir.join("mission.toml");
    fs::write(&path, text).map_err(Error::io(&path, "write the settings"))
}

/// How a file is declared as a source, each line behind a mark.
fn declaration(held: &Held, mark: &str) -> String {
    let settings = &held.file.settings;
    let path = toml::Value::String(settings.path.clone());
    let encoding = settings.encoding.as_ref().map(|encoding| {
        format!(
            "{mark}encoding = \"{encoding}\"  # it is not UTF-8; or windows-1252, windows-1256\n"
        )
    });
    format!(
        "\n{mark}[[source]]\n{mark}kind = \"{}\"\n{mark}path = {path}\n{}",
        settings.kind,
        encoding.unwrap_or_default()
    )
}
