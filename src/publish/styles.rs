//! How a GIS draws the layers: QML for QGIS, SLD for others, from the palette. Loose files, and inside the `GeoPackage`.

use std::io::Write;

use super::markup::Markup;
use super::palette::{HATCH, INK, RISK, UNKNOWN};
use super::{Layer, TierTables, cannot_write};
use crate::base::error::Result;

/// A style as a file beside the layer of the same name.
#[derive(Debug)]
pub(super) struct Style {
    name: &'static str,
    what: &'static str,
    text: fn() -> String,
}

/// `cells.qml`.
pub(super) const CELLS_QML: Style = Style {
    name: "cells.qml",
    what: "one style of QGIS for cells: risk by class, unknown reporting hatched",
    text: cells_qml,
};
/// `cells.sld`.
pub(super) const CELLS_SLD: Style = Style {
    name: "cells.sld",
    what: "one style of other GIS for cells: risk by class, unknown reporting hatched",
    text: cells_sld,
};
/// `zones.qml`.
pub(super) const ZONES_QML: Style = Style {
    name: "zones.qml",
    what: "one style of QGIS for zones: outline and rank",
    text: zones_qml,
};
/// `zones.sld`.
pub(super) const ZONES_SLD: Style = Style {
    name: "zones.sld",
    what: "one style of other GIS for zones: outline and rank",
    text: zones_sld,
};

impl Layer for Style {
    fn file_name(&self) -> &'static str {
        self.name
    }

    fn describe(&self) -> &'static str {
        self.what
    }

    fn write(&self, tier: &TierTables<'_>, out: &mut (dyn Write + Send)) -> Result<()> {
        let notice = tier
            .notice()
            .map_or(String::new(), |notice| format!("<!-- {notice} -->\n"));
        out.write_all(format!("{}{notice}", (self.text)()).as_bytes())
            .map_err(cannot_write(self.name))
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const IS_UNKNOWN: &str = "reporting_state";

/// What a class of risk is called, and its bounds.
fn classes() -> impl Iterator<Item = (String, Option<f64>, Option<f64>, &'static str)> {
    RISK.colours.iter().enumerate().map(|(class, colour)| {
        let (lo, hi) = RISK.bounds(class);
        let label = match (lo, hi) {
            (None, Some(hi)) => format!("risk below {hi} times the mean"),
            (Some(lo), Some(hi)) => format!("{lo} to {hi} times"),
            (lo, None) => format!("{} times and more", lo.unwrap_or(0.0)),
        };
        (label, lo, hi, *colour)
    })
}

/// `r,g,b,255`.
fn rgba(colour: &str) -> String {
    let byte = |at: usize| {
        let pair = colour.get(at..at + 2).unwrap_or("00");
        u8::from_str_radix(pair, 16).unwrap_or(0)
    };
    format!("{},{},{},255", byte(1), byte(3), byte(5))
}

fn options(page: &mut Markup, options: &[(&str, &str)]) {
    page.open("Option", &[("type", "Map")]);
    for (name, value) in options {
        page.empty(
            "Option",
            &[("name", name), ("type", "QString"), ("value", value)],
        );
    }
    page.close();
}

/// A symbol of one layer.
fn symbol(page: &mut Markup, name: &str, class: &str, of: &[(&str, &str)]) {
    begin_symbol(page, ("fill", name), (class, of));
    page.close();
    page.close();
}

fn cells_qml() -> String {
    let mut page = Markup::default();
    page.raw(HEAD);
    page.open(
        "qgis",
        &[("version", "3.28"), ("styleCategories", "Symbology")],
    );
    page.open(
        "renderer-v2",
        &[
            ("type", "RuleRenderer"),
            ("symbollevels", "1"),
            ("enableorderby", "0"),
            ("forceraster", "0"),
        ],
    );
    page.open("rules", &[("key", "root")]);
    for (i, (label, lo, hi, _)) in classes().enumerate() {
        let lower = lo.map(|lo| format!("\"risk\" >= {lo}"));
        let upper = hi.map(|hi| format!("\"risk\" < {hi}"));
        let filter: Vec<String> = lower.into_iter().chain(upper).collect();
        let (key, number) = (format!("risk-{i}"), i.to_string());
        page.empty(
            "rule",
            &[
                ("key", &key),
                ("filter", &filter.join(" AND ")),
                ("symbol", &number),
                ("label", &label),
            ],
        );
    }
    let number = RISK.colours.len().to_string();
    let filter = format!("\"{IS_UNKNOWN}\" = 'unknown'");
    let label = "reporting unknown: no sign of safety";
    page.empty(
        "rule",
        &[
            ("key", "unknown"),
            ("filter", &filter),
            ("symbol", &number),
            ("label", label),
        ],
    );
    page.close();
    page.open("symbols", &[]);
    for (i, (_, _, _, colour)) in classes().enumerate() {
        let fill = rgba(colour);
        let of = [
            ("color", fill.as_str()),
            ("style", "solid"),
            ("outline_color", "255,255,255,255"),
            ("outline_width", "0.1"),
            ("outline_style", "solid"),
        ];
        symbol(&mut page, &i.to_string(), "SimpleFill", &of);
    }
    hatch_symbol(&mut page, &number);
    page.finish()
}

/// Lines at 45 degrees without a fill: what is below shows through.
fn hatch_symbol(page: &mut Markup, name: &str) {
    let (colour, own) = (rgba(HATCH), format!("@{name}@0"));
    let pattern = [
        ("angle", "45"),
        ("distance", "2"),
        ("distance_unit", "MM"),
        ("color", &colour),
    ];
    begin_symbol(page, ("fill", name), ("LinePatternFill", &pattern));
    let line = [
        ("line_color", colour.as_str()),
        ("line_width", "0.3"),
        ("line_style", "solid"),
        ("line_width_unit", "MM"),
    ];
    begin_symbol(page, ("line", &own), ("SimpleLine", &line));
    for _ in 0..4 {
        page.close();
    }
}

/// Leaves the symbol and its layer open.
fn begin_symbol(
    page: &mut Markup,
    (kind, name): (&str, &str),
    (class, of): (&str, &[(&str, &str)]),
) {
    page.open(
        "symbol",
        &[
            ("type", kind),
            ("name", name),
            ("alpha", "1"),
            ("clip_to_extent", "1"),
            ("force_rhr", "0"),
        ],
    );
    page.open(
        "layer",
        &[
            ("class", class),
            ("enabled", "1"),
            ("locked", "0"),
            ("pass", "0"),
        ],
    );
    options(page, of);
}

fn zones_qml() -> String {
    let mut page = Markup::default();
    page.raw(HEAD);
    page.open(
        "qgis",
        &[
            ("version", "3.28"),
            ("styleCategories", "Symbology|Labeling"),
            ("labelsEnabled", "1"),
        ],
    );
    page.open(
        "renderer-v2",
        &[
            ("type", "singleSymbol"),
            ("symbollevels", "0"),
            ("enableorderby", "0"),
            ("forceraster", "0"),
        ],
    );
    page.open("symbols", &[]);
    let ink = rgba(INK);
    let line = [
        ("color", "0,0,0,0"),
        ("style", "no"),
        ("outline_color", ink.as_str()),
        ("outline_width", "0.7"),
        ("outline_style", "solid"),
    ];
    symbol(&mut page, "0", "SimpleFill", &line);
    page.close();
    page.close();
    page.open("labeling", &[("type", "simple")]);
    page.open("settings", &[("calloutType", "simple")]);
    page.open(
        "text-style",
        &[
            ("fieldName", "rank"),
            ("isExpression", "0"),
            ("fontSize", "11"),
            ("fontWeight", "75"),
            ("textColor", "255,255,255,255"),
            ("fontSizeUnit", "Point"),
        ],
    );
    page.empty(
        "background",
        &[
            ("shapeDraw", "1"),
            ("shapeType", "3"),
            ("shapeSizeType", "0"),
            ("shapeSizeX", "1"),
            ("shapeSizeY", "1"),
            ("shapeFillColor", &ink),
            ("shapeBorderColor", "255,255,255,255"),
        ],
    );
    page.finish()
}

const NAMESPACES: &[(&str, &str)] = &[
    ("version", "1.0.0"),
    ("xmlns", "http://www.opengis.net/sld"),
    ("xmlns:ogc", "http://www.opengis.net/ogc"),
];

fn sld(name: &str) -> Markup {
    let mut page = Markup::default();
    page.raw(HEAD);
    page.open("StyledLayerDescriptor", NAMESPACES);
    page.open("NamedLayer", &[]);
    page.element("Name", &[], name);
    page.open("UserStyle", &[]);
    page.open("FeatureTypeStyle", &[]);
    page
}

fn comparison(page: &mut Markup, kind: &'static str, field: &str, value: &str) {
    page.open(kind, &[]);
    page.element("ogc:PropertyName", &[], field);
    page.element("ogc:Literal", &[], value);
    page.close();
}

fn parameter(page: &mut Markup, name: &str, value: &str) {
    page.element("CssParameter", &[("name", name)], value);
}

fn cells_sld() -> String {
    let mut page = sld("cells");
    for (label, lo, hi, colour) in classes() {
        page.open("Rule", &[]);
        page.element("Title", &[], &label);
        page.open("ogc:Filter", &[]);
        if lo.is_some() && hi.is_some() {
            page.open("ogc:And", &[]);
        }
        if let Some(lo) = lo {
            comparison(
                &mut page,
                "ogc:PropertyIsGreaterThanOrEqualTo",
                "risk",
                &lo.to_string(),
            );
        }
        if let Some(hi) = hi {
            comparison(&mut page, "ogc:PropertyIsLessThan", "risk", &hi.to_string());
        }
        if lo.is_some() && hi.is_some() {
            page.close();
        }
        page.close();
        page.open("PolygonSymbolizer", &[]);
        page.open("Fill", &[]);
        parameter(&mut page, "fill", colour);
        page.close();
        page.close();
        page.close();
    }
    page.open("Rule", &[]);
    page.element("Title", &[], "reporting unknown: no sign of safety");
    page.open("ogc:Filter", &[]);
    comparison(&mut page, "ogc:PropertyIsEqualTo", IS_UNKNOWN, "unknown");
    page.close();
    page.open("PolygonSymbolizer", &[]);
    page.open("Fill", &[]);
    page.open("GraphicFill", &[]);
    page.open("Graphic", &[]);
    page.open("Mark", &[]);
    page.element("WellKnownName", &[], "x");
    page.open("Stroke", &[]);
    parameter(&mut page, "stroke", HATCH);
    page.close();
    page.close();
    page.element("Size", &[], "8");
    page.finish()
}

fn zones_sld() -> String {
    let mut page = sld("zones");
    page.open("Rule", &[]);
    page.open("PolygonSymbolizer", &[]);
    page.open("Stroke", &[]);
    parameter(&mut page, "stroke", INK);
    parameter(&mut page, "stroke-width", "2.4");
    page.close();
    page.close();
    page.open("TextSymbolizer", &[]);
    page.open("Label", &[]);
    page.element("ogc:PropertyName", &[], "rank");
    page.close();
    page.open("Halo", &[]);
    page.element("Radius", &[], "2");
    page.open("Fill", &[]);
    parameter(&mut page, "fill", UNKNOWN);
    page.close();
    page.close();
    page.open("Fill", &[]);
    parameter(&mut page, "fill", INK);
    page.finish()
}

/// The styles of a layer for the `GeoPackage`: QML and SLD.
pub(super) fn of(layer: &str) -> (String, String) {
    match layer {
        "zones" => (zones_qml(), zones_sld()),
        _ => (cells_qml(), cells_sld()),
    }
}
