//! The picture of a tier, once for the screen and for paper: whole units, relative paths, no font measured, no image.
//!
//! What changes colour bears one class a scale (`a3 b1 n0`): a style sheet, ours or a reader's, chooses which is shown.

mod cells;
mod frame;
mod labels;
mod season;

use std::fmt::Write as _;

use geo::{Coord, MultiPolygon};
use h3o::{CellIndex, LatLng};

use super::markup::Markup;
use super::palette::{BOUNDARY, CORRIDOR, HATCH, INK, RIVER, ROAD, SCALES, UNKNOWN};
use super::words::Words;
use super::{TierTables, shape};
use crate::base::code::{LineKind, RoadClass};
use crate::base::error::Result;
use crate::tables::Level;

pub(super) use cells::{CellClasses, Period};
pub(super) use frame::Frame;
pub(super) use season::season_bar;

/// Units of a pixel where nothing says otherwise: the picture is then 800 pixels wide.
const UNITS_PER_PIXEL: &str = "12.5";

/// A picture that is being drawn.
pub(super) struct Picture<'a> {
    /// What is drawn.
    pub tier: &'a TierTables<'a>,
    /// Where it lies.
    pub frame: Frame,
    /// The classes of its cells.
    pub classes: CellClasses,
    outlines: Vec<MultiPolygon<f64>>,
    discs: Vec<Coord<f64>>,
}

impl<'a> Picture<'a> {
    /// Measures what there is to draw.
    ///
    /// # Errors
    /// Where a zone has no outline.
    pub(super) fn of(tier: &'a TierTables<'a>) -> Result<Self> {
        let cells = tier.study_area.grid.cells();
        let shapes: Vec<MultiPolygon<f64>> =
            cells.iter().map(|&cell| shape::cell(cell).into()).collect();
        let frame = Frame::around(shape::bounds(&shapes).unwrap_or([0.0, 0.0, 1.0, 1.0]));
        let zones = &tier.zones.rows;
        let outlines: Result<Vec<_>> = zones.iter().map(|z| shape::outline(&z.cells)).collect();
        let disc = |cell: CellIndex| {
            let at = LatLng::from(cell);
            frame.point(at.lng(), at.lat())
        };
        Ok(Self {
            tier,
            frame,
            classes: CellClasses::of(tier),
            outlines: outlines?,
            discs: zones.iter().map(|zone| disc(zone.label)).collect(),
        })
    }

    /// Bounds of a zone in units: left, top, right, bottom.
    pub(super) fn zone_box(&self, zone: usize) -> [f64; 4] {
        let bounds = shape::bounds([&self.outlines[zone]]).unwrap_or_default();
        let a = self.frame.point(bounds[0], bounds[3]);
        let b = self.frame.point(bounds[2], bounds[1]);
        [a.x, a.y, b.x, b.y]
    }

    /// The element `svg` with everything in it. `style` goes inside, for a picture that stands alone.
    pub(super) fn draw(&self, page: &mut Markup, words: &[Words], style: Option<&str>) {
        let view = format!("0 0 {} {}", self.frame.width, self.frame.height);
        page.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("id", "map"),
                ("viewBox", &view),
                ("role", "group"),
                ("aria-labelledby", "map-help"),
                ("tabindex", "0"),
            ],
        );
        if let Some(style) = style {
            page.element("style", &[], style);
        }
        // A legend's own do not change with the zoom.
        for (unknown, blind) in [("hatch", "blind-hatch"), ("hatch-still", "blind-still")] {
            page.raw(&hatch(unknown, "M0 8L8 0", HATCH));
            page.raw(&hatch(blind, "M0 0L8 8M0 8L8 0", INK));
        }
        self.cells(page);
        self.ground(page);
        self.zones(page);
        self.names(page);
        self.discs(page);
        self.marking(page, words);
        page.close();
    }

    fn cells(&self, page: &mut Markup) {
        page.open("g", &[("id", "cells")]);
        let (mut unknown, mut blind) = (String::new(), String::new());
        let last = self.classes.periods.last();
        for (i, &cell) in self.tier.study_area.grid.cells().iter().enumerate() {
            let mut path = String::new();
            self.frame.outline(&mut path, &shape::cell(cell).into());
            let mut class = String::new();
            for (letter, of) in [
                ('a', self.classes.risk[i]),
                ('b', self.classes.reporting[i]),
                ('n', last.map(|period| period.reports[i])),
            ] {
                if let Some(of) = of {
                    let gap = if class.is_empty() { "" } else { " " };
                    let _ = write!(class, "{gap}{letter}{of}");
                }
            }
            page.empty("path", &[("class", &class), ("d", &path)]);
            if self.classes.unknown[i] {
                unknown.push_str(&path);
            }
            if self.classes.blind[i] {
                blind.push_str(&path);
            }
        }
        page.close();
        page.empty("path", &[("class", "unknown"), ("d", &unknown)]);
        page.empty("path", &[("class", "blind"), ("d", &blind)]);
    }

    /// Boundaries of the two coarsest levels below the country, roads and rivers, corridors.
    fn ground(&self, page: &mut Markup) {
        let ground = &self.tier.ground;
        let coarsest = ground
            .boundaries
            .coarsest()
            .map_or(1, |Level(level)| level.max(1));
        for (class, level) in [("boundary", coarsest), ("boundary fine", coarsest + 1)] {
            let mut path = String::new();
            let areas = ground.boundaries.of_level(Level(level));
            for polygon in areas.flat_map(|area| &area.shape) {
                self.frame.line(&mut path, polygon.exterior(), true);
            }
            page.empty("path", &[("class", class), ("d", &path)]);
        }
        for (class, kind) in [
            ("river", LineKind::River),
            ("road", LineKind::Road),
            ("corridor", LineKind::Corridor),
        ] {
            let mut path = String::new();
            let major = [
                Some(RoadClass::Trunk),
                Some(RoadClass::Primary),
                Some(RoadClass::Secondary),
            ];
            let lines = ground.lines.of_kind(kind);
            let lines = lines.filter(|line| kind != LineKind::Road || major.contains(&line.class));
            for line in lines.flat_map(|line| &line.shape) {
                self.frame.line(&mut path, line, false);
            }
            page.empty("path", &[("class", class), ("d", &path)]);
        }
    }

    fn zones(&self, page: &mut Markup) {
        page.open("g", &[("class", "zones")]);
        for (i, outline) in self.outlines.iter().enumerate() {
            let mut path = String::new();
            self.frame.outline(&mut path, outline);
            page.empty("path", &[("class", "casing"), ("d", &path)]);
            let zone = i.to_string();
            page.empty(
                "path",
                &[("class", "zone"), ("data-zone", &zone), ("d", &path)],
            );
        }
        page.close();
    }

    fn names(&self, page: &mut Markup) {
        page.open("g", &[("class", "places")]);
        for label in labels::labels(self.tier, &self.frame, &self.discs) {
            let class = format!("place k{}", label.zoom);
            fixed(page, label.at, &[("class", &class)], |page| {
                page.empty("circle", &[("r", "2")]);
                page.element("text", &[("x", "5"), ("y", "4")], label.name);
            });
        }
        page.close();
    }

    fn discs(&self, page: &mut Markup) {
        page.open("g", &[("class", "zones")]);
        for (i, (zone, &at)) in self.tier.zones.rows.iter().zip(&self.discs).enumerate() {
            let rank = zone.standing.map_or("?".to_owned(), |s| s.rank.to_string());
            let (id, number) = (format!("zone-{}", i + 1), i.to_string());
            let of = [("class", "disc"), ("id", &id), ("data-zone", &number)];
            fixed(page, at, &of, |page| {
                page.element("title", &[], &format!("{rank} · {}", zone.name));
                page.empty("circle", &[("r", "11")]);
                page.element("text", &[("y", "4")], &rank);
            });
        }
        page.close();
    }

    /// The tier's marking, inside the picture: a picture cut out of its page still bears it.
    fn marking(&self, page: &mut Markup, words: &[Words]) {
        let at = Coord {
            x: 0.0,
            y: self.frame.height,
        };
        for words in words {
            let class = format!("marking {}", words.lang.code());
            fixed(page, at, &[("class", &class)], |page| {
                let lines = marking(self.tier, words);
                for (line, y) in lines.split(" · ").zip(["-6", "-20"]) {
                    page.element("text", &[("x", "6"), ("y", y)], line);
                }
            });
        }
    }
}

/// What every view says of who may see it.
pub(super) fn marking(tier: &TierTables<'_>, words: &Words) -> String {
    let said = words.say(&format!("tier-{}", tier.disclosure));
    match tier.notice() {
        Some(_) => format!("{said} · {}", words.say("marking-synthetic")),
        None => said,
    }
}

/// What keeps its size on the screen: the inner group is scaled against the zoom.
fn fixed(
    page: &mut Markup,
    at: Coord<f64>,
    attributes: &[(&'static str, &str)],
    inside: impl FnOnce(&mut Markup),
) {
    let place = format!("translate({} {})", at.x, at.y);
    let all: Vec<_> = attributes
        .iter()
        .copied()
        .chain([("transform", place.as_str())])
        .collect();
    page.open("g", &all);
    let scale = format!("scale({UNITS_PER_PIXEL})");
    page.open("g", &[("class", "fix"), ("transform", &scale)]);
    inside(page);
    page.close();
    page.close();
}

/// Lines over white, so that they show on dark colours as on light ones.
fn hatch(id: &str, lines: &str, colour: &str) -> String {
    format!(
        "<pattern id=\"{id}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" patternTransform=\"scale({UNITS_PER_PIXEL})\">\
         <path d=\"{lines}\" stroke=\"{UNKNOWN}\" stroke-width=\"2.4\"/>\
         <path d=\"{lines}\" stroke=\"{colour}\" stroke-width=\"1.1\"/></pattern>"
    )
}

/// Fills of one scale, each rule behind `prefix`.
pub(super) fn fills(prefix: &str, scale: &super::palette::Scale) -> String {
    let mut css = String::new();
    for (class, colour) in scale.colours.iter().enumerate() {
        let _ = write!(css, "{prefix}.{}{class}{{fill:{colour}}}", scale.letter);
    }
    css
}

/// The style that both the page and a picture alone begin with.
pub(super) fn style() -> String {
    format!(
        "#cells path{{fill:{UNKNOWN};stroke:#fff;stroke-width:.4px}}\
         #map path{{vector-effect:non-scaling-stroke}}#map pattern path{{vector-effect:none}}\
         .unknown,.blind,.boundary,.river,.road,.corridor,.casing,.zone{{fill:none}}\
         .unknown{{fill:url(#hatch)}}.blind{{fill:url(#blind-hatch)}}\
         .boundary{{stroke:{BOUNDARY};stroke-width:1.3px}}.boundary.fine{{stroke-width:.6px;stroke-dasharray:4 2}}\
         .river{{stroke:{RIVER};stroke-width:1px}}.road{{stroke:{ROAD};stroke-width:1.2px}}\
         .corridor{{stroke:{CORRIDOR};stroke-width:2.4px;stroke-dasharray:8 4}}\
         .casing{{stroke:#fff;stroke-width:5px}}.zone{{stroke:{INK};stroke-width:2.4px}}\
         .disc circle{{fill:{INK};stroke:#fff;stroke-width:2px}}\
         #map text{{font:11px system-ui,sans-serif;fill:{INK};paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}}\
         #map .disc text{{font-weight:700;fill:#fff;stroke:none;text-anchor:middle}}\
         #map .marking text{{font-weight:700}}.place circle{{fill:{INK};stroke:#fff}}"
    )
}

/// A picture of its own, coloured by risk.
///
/// # Errors
/// As [`Picture::of`].
pub(super) fn alone(tier: &TierTables<'_>, words: &[Words]) -> Result<String> {
    let css = format!(
        "{}{}.k4,.k8,.k16{{display:none}}",
        style(),
        fills("#cells ", SCALES[0])
    );
    let mut page = Markup::default();
    Picture::of(tier)?.draw(&mut page, words, Some(&css));
    Ok(page.finish())
}
