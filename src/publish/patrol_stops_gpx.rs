//! `patrol_stops.gpx`: stops as GPX 1.1 waypoints, for a receiver that has no network.

use std::io::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Layer, OPERATIONAL, TierTables, cannot_write};
use crate::base::error::Result;
use crate::tables::{PATROL_TERMS, Patrol, PatrolPlan, PatrolStop};

/// The layer.
#[derive(Debug)]
pub(super) struct PatrolStopsGpx;

const NAME: &str = "patrol_stops.gpx";

impl Layer for PatrolStopsGpx {
    fn file_name(&self) -> &'static str {
        NAME
    }

    fn describe(&self) -> &'static str {
        "one waypoint per stop of the patrols that could be sent next week, for a receiver in the vehicle"
    }

    fn tiers(&self) -> Option<&'static [&'static str]> {
        Some(OPERATIONAL)
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        write(tier, out).map_err(cannot_write(NAME))
    }
}

fn write(tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = xml.create_element("gpx").with_attributes([
        ("version", "1.1"),
        ("creator", "forewarn"),
        ("xmlns", "http://www.topografix.com/GPX/1/1"),
    ]);
    root.write_inner_content(|xml| {
        xml.create_element("metadata").write_inner_content(|xml| {
            let notice = tier.notice().unwrap_or_default();
            let expires = tier.patrols.last_day;
            let expires = expires.map_or(String::new(), |day| format!(" Expires after {day}."));
            let text = format!("{PATROL_TERMS}{expires} {notice}");
            element(xml, "desc", text.trim_end())
        })?;
        for plan in &tier.patrols.plans {
            for patrol in &plan.patrols {
                for stop in &patrol.stops {
                    waypoint(xml, plan, patrol, stop)?;
                }
            }
        }
        Ok(())
    })?;
    xml.into_inner().write_all(b"\n")
}

fn waypoint<W: Write>(
    xml: &mut Writer<W>,
    plan: &PatrolPlan,
    patrol: &Patrol,
    stop: &PatrolStop,
) -> std::io::Result<()> {
    let (lat, lon) = (
        format!("{:.5}", stop.lat_deg),
        format!("{:.5}", stop.lon_deg),
    );
    let point = xml
        .create_element("wpt")
        .with_attributes([("lat", lat.as_str()), ("lon", lon.as_str())]);
    point.write_inner_content(|xml| {
        let name = format!("{} {}: {}", plan.purpose, patrol.number, stop.place);
        element(xml, "name", &name)?;
        let what = format!(
            "{} {} {}-{}, {}",
            stop.mgrs, patrol.day, stop.arrive, stop.leave, stop.window
        );
        element(xml, "desc", &what)
    })?;
    Ok(())
}

fn element<W: Write>(xml: &mut Writer<W>, name: &str, text: &str) -> std::io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(text))?;
    Ok(())
}
