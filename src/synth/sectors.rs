//! The invented study area: five first-level sectors side by side, three second-level ones in each.
//! Whole ten-thousandths of a degree, so that levels nest exactly.

use std::fmt::Write as _;

/// A point in ten-thousandths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) lat_e4: i32,
    pub(super) lon_e4: i32,
}

impl Point {
    pub(super) const fn new(lat_e4: i32, lon_e4: i32) -> Self {
        Self { lat_e4, lon_e4 }
    }

    pub(super) const fn moved(self, north_e4: i32, east_e4: i32) -> Self {
        Self::new(self.lat_e4 + north_e4, self.lon_e4 + east_e4)
    }

    /// The middle of the square of `step_e4` that holds the point. Areas end at whole tenths of a
    /// degree, so the middle of a square of a tenth or a hundredth never leaves them.
    pub(super) fn snapped(self, step_e4: i32) -> Self {
        let middle = |value: i32| value.div_euclid(step_e4) * step_e4 + step_e4 / 2;
        Self::new(middle(self.lat_e4), middle(self.lon_e4))
    }

    pub(super) fn lat_deg(self) -> f64 {
        f64::from(self.lat_e4) / 10_000.0
    }

    pub(super) fn lon_deg(self) -> f64 {
        f64::from(self.lon_e4) / 10_000.0
    }

    /// Kilometres on a plane that touches the area's middle; good to 1 % within the area.
    pub(super) fn km_to(self, other: Self) -> f64 {
        let north_km = f64::from(self.lat_e4 - other.lat_e4) * 0.011_12;
        let east_km = f64::from(self.lon_e4 - other.lon_e4) * 0.011_032;
        (north_km * north_km + east_km * east_km).sqrt()
    }
}

/// A first-level sector: a strip from south to north, cut in three.
#[derive(Debug)]
#[allow(clippy::struct_field_names, reason = "the postfix is their unit")]
struct Strip {
    west_e4: i32,
    east_e4: i32,
    /// Southern edge, two cuts, northern edge.
    edges_e4: [i32; 4],
}

const fn strip(west_e4: i32, east_e4: i32, edges_e4: [i32; 4]) -> Strip {
    Strip {
        west_e4,
        east_e4,
        edges_e4,
    }
}

const STRIPS: [Strip; 5] = [
    strip(152_000, 161_000, [60_000, 66_000, 71_000, 77_000]),
    strip(161_000, 170_000, [60_000, 66_000, 72_000, 78_000]),
    strip(170_000, 179_000, [60_000, 67_000, 73_000, 79_000]),
    strip(179_000, 188_000, [60_000, 68_000, 76_000, 84_000]),
    strip(188_000, 196_000, [60_000, 67_000, 74_000, 84_000]),
];

/// South-western and north-eastern corner of the box around the area.
pub(super) const CORNERS: (Point, Point) =
    (Point::new(60_000, 152_000), Point::new(84_000, 196_000));

/// Areas of all levels.
pub(super) const AREAS: u64 = 1 + 5 + 15;

/// Where a report lies that is known to the country only.
pub(super) const MIDDLE: Point = Point::new(72_000, 174_000);

/// A second-level sector: strip 0..5 from the west, row 0..3 from the south.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sector {
    pub(super) strip: usize,
    pub(super) row: usize,
}

impl Sector {
    /// The sector that holds a point; none outside the area.
    pub(super) fn of(point: Point) -> Option<Self> {
        let strip = STRIPS
            .iter()
            .position(|s| (s.west_e4..s.east_e4).contains(&point.lon_e4))?;
        let edges = &STRIPS[strip].edges_e4;
        let row = edges
            .windows(2)
            .position(|e| (e[0]..e[1]).contains(&point.lat_e4))?;
        Some(Self { strip, row })
    }

    /// South-western and north-eastern corner.
    pub(super) fn corners(self) -> (Point, Point) {
        let Strip {
            west_e4,
            east_e4,
            edges_e4,
        } = &STRIPS[self.strip];
        let (south, north) = (edges_e4[self.row], edges_e4[self.row + 1]);
        (Point::new(south, *west_e4), Point::new(north, *east_e4))
    }

    /// Where a report lies that is known to this sector only.
    pub(super) fn middle(self) -> Point {
        middle(self.corners())
    }

    /// Where a report lies that is known to the first-level sector only.
    pub(super) fn strip_middle(self) -> Point {
        middle(strip_corners(&STRIPS[self.strip]))
    }

    /// Its invented P-code.
    pub(super) fn pcode(self) -> String {
        format!("SYN{}0{}", self.strip + 1, self.row + 1)
    }
}

fn middle((low, high): (Point, Point)) -> Point {
    Point::new(
        i32::midpoint(low.lat_e4, high.lat_e4),
        i32::midpoint(low.lon_e4, high.lon_e4),
    )
}

fn strip_corners(strip: &Strip) -> (Point, Point) {
    let [south, .., north] = strip.edges_e4;
    (
        Point::new(south, strip.west_e4),
        Point::new(north, strip.east_e4),
    )
}

/// The corners of a box, counter-clockwise from the south-west.
fn outline((low, high): (Point, Point)) -> Vec<Point> {
    vec![
        low,
        Point::new(low.lat_e4, high.lon_e4),
        high,
        Point::new(high.lat_e4, low.lon_e4),
    ]
}

/// The outline of the whole area, counter-clockwise: its north is as uneven as its strips.
fn whole() -> Vec<Point> {
    let (low, high) = CORNERS;
    let mut points = vec![low, Point::new(low.lat_e4, high.lon_e4)];
    for strip in STRIPS.iter().rev() {
        let (_, top) = strip_corners(strip);
        points.push(top);
        points.push(Point::new(top.lat_e4, strip.west_e4));
    }
    points.dedup();
    points
}

/// All areas as `GeoJSON`, the properties named as in the common operational datasets.
pub(super) fn geojson() -> String {
    const COUNTRY: &str = r#""adm0_pcode":"SYN","adm0_name":"SYNTHETIC area","iso3":"CAF""#;
    let mut features = vec![feature(COUNTRY, &whole())];
    for (s, strip) in STRIPS.iter().enumerate() {
        let n = s + 1;
        let first =
            format!(r#"{COUNTRY},"adm1_pcode":"SYN{n}","adm1_name":"SYNTHETIC sector {n}""#);
        features.push(feature(&first, &outline(strip_corners(strip))));
        for row in 0..3 {
            let sector = Sector { strip: s, row };
            let (code, m) = (sector.pcode(), row + 1);
            let second =
                format!(r#"{first},"adm2_pcode":"{code}","adm2_name":"SYNTHETIC sector {n}.{m}""#);
            features.push(feature(&second, &outline(sector.corners())));
        }
    }
    let features = features.join(",\n");
    format!(
        "{{\"type\":\"FeatureCollection\",\"name\":\"SYNTHETIC boundaries\",\"features\":[\n{features}\n]}}\n"
    )
}

fn feature(properties: &str, ring: &[Point]) -> String {
    let mut text = format!(
        r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":[["#
    );
    for point in ring {
        let _ = write!(text, "[{},{}],", point.lon_deg(), point.lat_deg());
    }
    let _ = write!(text, "[{},{}]]]}}}}", ring[0].lon_deg(), ring[0].lat_deg());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sector_lies_in_its_strip_and_the_strips_fill_the_area() {
        let mut area_e8 = 0_i64;
        for (s, strip) in STRIPS.iter().enumerate() {
            let (low, high) = strip_corners(strip);
            let size = |(a, b): (Point, Point)| {
                i64::from(b.lat_e4 - a.lat_e4) * i64::from(b.lon_e4 - a.lon_e4)
            };
            let mut rows_e8 = 0;
            for row in 0..3 {
                let corners = Sector { strip: s, row }.corners();
                assert!(corners.0.lat_e4 >= low.lat_e4 && corners.1.lat_e4 <= high.lat_e4);
                assert!(corners.0.lon_e4 == low.lon_e4 && corners.1.lon_e4 == high.lon_e4);
                rows_e8 += size(corners);
            }
            assert_eq!(rows_e8, size((low, high)));
            area_e8 += rows_e8;
        }
        let ring = whole();
        let twice_e8: i64 = (0..ring.len())
            .map(|i| (ring[i], ring[(i + 1) % ring.len()]))
            .map(|(a, b)| {
                i64::from(a.lon_e4) * i64::from(b.lat_e4)
                    - i64::from(b.lon_e4) * i64::from(a.lat_e4)
            })
            .sum();
        assert_eq!(
            twice_e8,
            2 * area_e8,
            "counter-clockwise, and as large as its parts"
        );
    }

    #[test]
    fn a_point_on_a_cut_belongs_to_one_sector() {
        assert_eq!(
            Sector::of(Point::new(66_000, 152_000)),
            Some(Sector { strip: 0, row: 1 })
        );
        assert_eq!(
            Sector::of(Point::new(66_000, 161_000)),
            Some(Sector { strip: 1, row: 1 })
        );
        assert_eq!(Sector::of(Point::new(77_000, 152_000)), None);
        assert_eq!(Sector::of(Point::new(65_000, 196_000)), None);
    }

    #[test]
    fn snapping_never_leaves_the_sector_by_more_than_its_square() {
        let point = Point::new(60_000, 152_000);
        assert_eq!(point.snapped(1_000), Point::new(60_500, 152_500));
        assert_eq!(
            Point::new(76_999, 160_999).snapped(100),
            Point::new(76_950, 160_950)
        );
    }

    #[test]
    fn the_boundaries_are_geojson_of_three_levels() {
        let value: serde_json::Value = serde_json::from_str(&geojson()).unwrap();
        let features = value["features"].as_array().unwrap();
        assert_eq!(features.len() as u64, AREAS);
        for feature in features {
            let properties = feature["properties"].as_object().unwrap();
            let parent = properties.get("adm1_pcode").and_then(|code| code.as_str());
            if let Some(code) = properties.get("adm2_pcode").and_then(|code| code.as_str()) {
                assert!(code.starts_with(parent.unwrap()), "{code}");
            }
            let ring = feature["geometry"]["coordinates"][0].as_array().unwrap();
            assert_eq!(ring.first(), ring.last());
        }
    }
}
