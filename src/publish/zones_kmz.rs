//! `zones.kmz`: ranked zones for phones and Google Earth, with the period they are of.

use std::io::{Cursor, Write};

use geo::{LineString, MultiPolygon};
use h3o::LatLng;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::markup::Markup;
use super::palette::{INK, RISK};
use super::svg::marking;
use super::words::{Lang, Words};
use super::zone_fields::{Value, fields};
use super::{Layer, TierTables, cannot_write, shape};
use crate::base::error::Result;
use crate::tables::Zone;

/// The layer.
#[derive(Debug)]
pub(super) struct ZonesKmz;

const NAME: &str = "zones.kmz";

impl Layer for ZonesKmz {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one placemark per zone, in order of rank, for phones and Google Earth"
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let kml = kml(tier)?;
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        zip.start_file("doc.kml", options)
            .map_err(cannot_write(NAME))?;
        zip.write_all(kml.as_bytes()).map_err(cannot_write(NAME))?;
        let file = zip.finish().map_err(cannot_write(NAME))?;
        out.write_all(file.get_ref()).map_err(cannot_write(NAME))
    }
}

fn kml(tier: &TierTables<'_>) -> Result<String> {
    let words = Words::of(Lang::En)?;
    let mut page = Markup::default();
    page.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    page.open("kml", &[("xmlns", "http://www.opengis.net/kml/2.2")]);
    page.open("Document", &[]);
    page.element(
        "name",
        &[],
        &format!("{} · {}", tier.mission.name, marking(tier, &words)),
    );
    page.element("description", &[], &words.say("caveat"));
    for (class, colour) in RISK.colours.iter().enumerate() {
        style(&mut page, &format!("risk{class}"), colour);
    }
    for zone in &tier.zones.rows {
        placemark(&mut page, zone, tier)?;
    }
    Ok(page.finish())
}

/// KML writes colours as alpha, blue, green, red.
fn kml_colour(alpha: &str, colour: &str) -> String {
    let part = |at: usize| colour.get(at..at + 2).unwrap_or("00");
    format!("{alpha}{}{}{}", part(5), part(3), part(1))
}

fn style(page: &mut Markup, id: &str, colour: &str) {
    page.open("Style", &[("id", id)]);
    page.open("LineStyle", &[]);
    page.element("color", &[], &kml_colour("ff", INK));
    page.element("width", &[], "2.4");
    page.close();
    page.open("PolyStyle", &[]);
    page.element("color", &[], &kml_colour("99", colour));
    page.close();
    page.close();
}

fn placemark(page: &mut Markup, zone: &Zone, tier: &TierTables<'_>) -> Result<()> {
    page.open("Placemark", &[("id", &zone.zone_id)]);
    let rank = zone
        .standing
        .map_or("?".to_owned(), |standing| standing.rank.to_string());
    page.element("name", &[], &format!("{rank} · {}", zone.name));
    page.open("TimeSpan", &[]);
    page.element("begin", &[], &tier.window.0.first_day().to_string());
    page.element("end", &[], &tier.window.1.last_day().to_string());
    page.close();
    let class = RISK.class(Some(zone.risk.mean)).unwrap_or(0);
    page.element("styleUrl", &[], &format!("#risk{class}"));
    page.open("ExtendedData", &[]);
    for field in fields(tier) {
        let text = match field.value(zone, tier) {
            Value::Text(text) => text.into_owned(),
            Value::Whole(whole) => whole.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Missing => continue,
        };
        page.open("Data", &[("name", field.name)]);
        page.element("value", &[], &text);
        page.close();
    }
    page.close();
    page.open("MultiGeometry", &[]);
    let label = LatLng::from(zone.label);
    page.open("Point", &[]);
    page.element(
        "coordinates",
        &[],
        &format!("{:.7},{:.7}", label.lng(), label.lat()),
    );
    page.close();
    polygons(page, &shape::outline(&zone.cells)?);
    page.close();
    page.close();
    Ok(())
}

fn polygons(page: &mut Markup, shape: &MultiPolygon<f64>) {
    for polygon in shape {
        page.open("Polygon", &[]);
        ring(page, "outerBoundaryIs", polygon.exterior());
        for hole in polygon.interiors() {
            ring(page, "innerBoundaryIs", hole);
        }
        page.close();
    }
}

fn ring(page: &mut Markup, side: &'static str, ring: &LineString<f64>) {
    let corners: Vec<String> = ring
        .coords()
        .map(|at| format!("{},{}", at.x, at.y))
        .collect();
    page.open(side, &[]);
    page.open("LinearRing", &[]);
    page.element("coordinates", &[], &corners.join(" "));
    page.close();
    page.close();
}
