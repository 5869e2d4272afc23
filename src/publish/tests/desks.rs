//! What GIS, phones and spreadsheets open: the same rows as everywhere, and nothing that runs.

use calamine::{Data, Reader, Xlsx};
use rusqlite::Connection;

use super::hostile::HOSTILE;
use super::map::hostile_everywhere;
use super::sample::{Sample, bytes, layer};
use super::unpacked;
use crate::publish::zones_csv::inert;

fn open(file: &[u8]) -> (tempfile::NamedTempFile, Connection) {
    let at = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(at.path(), file).unwrap();
    let base = Connection::open(at.path()).unwrap();
    (at, base)
}

fn all(base: &Connection, select: &str) -> Vec<String> {
    let mut select = base.prepare(select).unwrap();
    let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn geopackages_hold_every_row_and_a_style() {
    let sample = Sample::new();
    for (name, select, n) in [
        ("zones", "SELECT zone_id FROM zones ORDER BY fid", 2),
        ("cells", "SELECT hex_id FROM cells ORDER BY fid", 19),
    ] {
        let file = bytes(layer(&format!("{name}.gpkg")), &sample.tier());
        assert_eq!(file[68..72], *b"GPKG");
        let (_kept, base) = open(&file);
        let ids = all(&base, select);
        assert_eq!(ids.len(), n);
        let due: Vec<String> = match name {
            "zones" => vec!["z1".to_owned(), "z2".to_owned()],
            _ => sample
                .study_area
                .grid
                .cells()
                .iter()
                .map(ToString::to_string)
                .collect(),
        };
        assert_eq!(ids, due);
        assert_eq!(all(&base, "PRAGMA integrity_check"), ["ok"]);
        let style = all(
            &base,
            "SELECT styleQML FROM layer_styles WHERE useAsDefault",
        );
        assert!(style[0].contains("<qgis"));
        let blob = format!("SELECT hex(substr(geom, 1, 4)) FROM {name}");
        assert!(all(&base, &blob).iter().all(|head| head == "47500003"));
    }
}

#[test]
fn cells_have_a_line_each_and_what_is_unknown_is_empty() {
    let sample = Sample::new();
    let file = bytes(layer("cells.csv"), &sample.tier());
    let mut lines = csv::Reader::from_reader(file.as_slice());
    let heads = lines.headers().unwrap().clone();
    let at = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let lines: Vec<_> = lines.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 19);
    let last = &lines[18];
    assert_eq!(
        last[at("hex_id")],
        sample.study_area.grid.cells()[18].to_string()
    );
    assert_eq!((&last[at("risk")], &last[at("reporting")]), ("1.5", ""));
    assert_eq!(&lines[0][at("reporting")], "0.25");
}

#[test]
fn the_placemarks_bear_the_period_and_every_field() {
    let sample = Sample::new();
    let file = bytes(layer("zones.kmz"), &sample.tier());
    let kml = String::from_utf8(unpacked(&file)).unwrap();
    assert_eq!(kml.matches("<Placemark").count(), 2);
    assert_eq!(
        kml.matches("<TimeSpan><begin>2019").count(),
        kml.matches("<TimeSpan>").count()
    );
    assert_eq!(kml.matches("<innerBoundaryIs>").count(), 1);
    assert_eq!(kml.matches("<Data name=\"reasons\">").count(), 2);
    // A value that there is none of has no entry.
    assert!(!kml.contains("<Data name=\"risk_hi\">"));
}

#[test]
fn workbooks_have_a_row_per_zone_and_per_reason_in_both_languages() {
    let sample = Sample::new();
    for (name, sheets, head) in [
        (
            "zones_en.xlsx",
            ["Zones", "Reasons"],
            "Rank, 1 = highest risk",
        ),
        (
            "zones_fr.xlsx",
            ["Zones", "Raisons"],
            "Rang, 1 = risque le plus élevé",
        ),
    ] {
        let file = bytes(layer(name), &sample.tier());
        let mut book = Xlsx::new(std::io::Cursor::new(file)).unwrap();
        assert_eq!(book.sheet_names(), sheets);
        let zones = book.worksheet_range(sheets[0]).unwrap();
        assert_eq!(zones.height(), 1 + 2);
        assert!(
            zones
                .rows()
                .next()
                .unwrap()
                .contains(&Data::String(head.to_owned()))
        );
        assert_eq!(zones.rows().nth(1).unwrap()[3], Data::Float(1.0));
        assert_eq!(book.worksheet_range(sheets[1]).unwrap().height(), 1 + 2 * 2);
    }
}

#[test]
fn the_dictionary_tells_every_field_and_every_file() {
    let sample = Sample::new();
    let text = bytes(layer("datapackage.json"), &sample.tier());
    let package: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len() + 1, crate::publish::LAYERS.len());
    let csv = String::from_utf8(bytes(layer("zones.csv"), &sample.tier())).unwrap();
    let columns: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let zones = resources
        .iter()
        .find(|one| one["path"] == "zones.csv")
        .unwrap();
    let fields = zones["schema"]["fields"].as_array().unwrap();
    let told: Vec<&str> = fields
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(told, columns);
    for field in fields {
        assert!(
            field["description"].is_string(),
            "{field} has no message field-..."
        );
    }
}

#[test]
fn no_hostile_text_runs_in_sheets_or_placemarks() {
    let plain = Sample::new();
    let elements = |sample: &Sample| {
        let file = bytes(layer("zones.kmz"), &sample.tier());
        let kml = String::from_utf8(unpacked(&file)).unwrap();
        let mut reader = quick_xml::Reader::from_str(&kml);
        let mut n = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break n,
                quick_xml::events::Event::Start(_) => n += 1,
                quick_xml::events::Event::Empty(_)
                | quick_xml::events::Event::CData(_)
                | quick_xml::events::Event::Comment(_) => panic!("not ours"),
                _ => {}
            }
        }
    };
    let due = elements(&plain);
    for (i, hostile) in HOSTILE.iter().enumerate() {
        let mut sample = Sample::new();
        hostile_everywhere(&mut sample, hostile);
        assert_eq!(elements(&sample), due, "{i}: {hostile:?}");
        let csv = bytes(layer("zones.csv"), &sample.tier());
        let mut rows = csv::Reader::from_reader(csv.as_slice());
        let name = rows.records().next().unwrap().unwrap()[2].to_owned();
        assert_eq!(name, inert((*hostile).into()), "{i}");
        assert!(
            !name.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']),
            "{i}"
        );
        if i % 10 == 0 {
            let file = bytes(layer("zones_en.xlsx"), &sample.tier());
            let parts = String::from_utf8_lossy(&unpacked(&file)).into_owned();
            assert!(
                !parts.contains("<f>") && !parts.contains("<hyperlink"),
                "{i}"
            );
        }
    }
}
