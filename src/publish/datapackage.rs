//! `datapackage.json`: what the files of a tier are, and what every field of a zone means (Data Package v2).

use std::io::Write;

use serde_json::{Value as Json, json};

use super::words::{Lang, Words};
use super::zone_fields::{Field, Get, LABEL, fields};
use super::{Layer, TierTables, cannot_write, layers_of};
use crate::base::error::Result;

/// The layer.
#[derive(Debug)]
pub(super) struct Datapackage;

const NAME: &str = "datapackage.json";
const SCHEMA: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

impl Layer for Datapackage {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one description of all files of the tier, with a dictionary of fields"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let words = Words::of(Lang::En)?;
        let others = layers_of(tier).filter(|layer| layer.file_name() != NAME);
        let resources: Vec<Json> = others.map(|layer| resource(*layer, tier, &words)).collect();
        let mut package = json!({
            "$schema": SCHEMA,
            "name": "forewarn-zones",
            "title": format!("{}: {}", words.say("title"), tier.mission.name),
            "description": words.say("caveat"),
            "version": tier.run_digest,
            "disclosure": tier.disclosure,
            "temporal": {
                "start": tier.window.0.first_day().to_string(),
                "end": tier.window.1.last_day().to_string(),
            },
            "resources": resources,
        });
        if let (Some(notice), Some(package)) = (tier.notice(), package.as_object_mut()) {
            package.insert("notice".to_owned(), notice.into());
        }
        serde_json::to_writer_pretty(&mut *out, &package).map_err(cannot_write(NAME))?;
        out.write_all(b"\n").map_err(cannot_write(NAME))
    }
}

fn resource(layer: &dyn Layer, tier: &TierTables<'_>, words: &Words) -> Json {
    let file = layer.file_name();
    let (stem, format) = file.split_once('.').unwrap_or((file, ""));
    let mut resource = json!({
        "name": format!("{}-{format}", stem.replace('_', "-")),
        "path": file,
        "description": layer.describe(),
        "format": format,
        "mediatype": mediatype(format),
    });
    if let Some(resource) = resource.as_object_mut().filter(|_| file == "zones.csv") {
        let all: Vec<Json> = fields(tier)
            .chain(LABEL)
            .map(|one| described(one, words))
            .collect();
        resource.insert("type".to_owned(), "table".into());
        resource.insert("encoding".to_owned(), "utf-8".into());
        resource.insert(
            "schema".to_owned(),
            json!({ "fields": all, "missingValues": [""], "primaryKey": ["zone_id"] }),
        );
    }
    resource
}

fn described(field: &Field, words: &Words) -> Json {
    let kind = match field.get {
        Get::Text(_) => "string",
        Get::Whole(_) => "integer",
        Get::Number(_) => "number",
    };
    let mut described = json!({ "name": field.name, "type": kind });
    if let (Some(about), Some(described)) = (
        words.known(&format!("field-{}", field.name)),
        described.as_object_mut(),
    ) {
        described.insert("description".to_owned(), about.into());
    }
    described
}

fn mediatype(format: &str) -> &'static str {
    match format {
        "csv" => "text/csv",
        "geojson" => "application/geo+json",
        "gpkg" => "application/geopackage+sqlite3",
        "html" => "text/html",
        "kmz" => "application/vnd.google-earth.kmz",
        "parquet" => "application/vnd.apache.parquet",
        "svg" => "image/svg+xml",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "json" => "application/json",
        _ => "application/xml",
    }
}
