//! Geometries of a `GeoPackage`: a header of their own, then well-known binary.

use geo::{Geometry, MultiLineString};
use geo_traits::to_geo::ToGeoGeometry;

/// A line; nothing where the bytes are none, or tell of another system of reference.
pub(super) fn line(bytes: &[u8], srs_id: i64) -> Option<MultiLineString<f64>> {
    let (head, rest) = bytes.split_at_checked(8)?;
    let (flags, reference) = (head[3], [head[4], head[5], head[6], head[7]]);
    let reference = if flags & 1 == 1 {
        i32::from_le_bytes(reference)
    } else {
        i32::from_be_bytes(reference)
    };
    let envelope = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    let is_extended = flags >> 5 & 1 == 1;
    if &head[..3] != b"GP\0" || is_extended || i64::from(reference) != srs_id {
        return None;
    }
    let shape = wkb::reader::read_wkb(rest.get(envelope..)?).ok()?;
    match shape.try_to_geometry()? {
        Geometry::LineString(line) => Some(line.into()),
        Geometry::MultiLineString(lines) => Some(lines),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WGS_84: i64 = 4326;

    /// A geometry with an envelope of a kind.
    fn geometry(flags: u8, envelope: usize, points: &[(f64, f64)]) -> Vec<u8> {
        let mut bytes = vec![b'G', b'P', 0, flags, 0xe6, 0x10, 0, 0];
        bytes.extend(vec![7; envelope]);
        bytes.extend([1, 2, 0, 0, 0]);
        bytes.extend(u32::try_from(points.len()).unwrap().to_le_bytes());
        for (x, y) in points {
            bytes.extend(x.to_le_bytes());
            bytes.extend(y.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn a_line_is_found_behind_any_envelope() {
        let points = [(20.0, 6.0), (21.0, 7.0)];
        for (kind, envelope) in [(0, 0), (1, 32), (2, 48), (3, 48), (4, 64)] {
            let bytes = geometry(kind << 1 | 1, envelope, &points);
            let line = line(&bytes, WGS_84).unwrap();
            assert_eq!(
                line,
                MultiLineString(vec![points.to_vec().into()]),
                "{kind}"
            );
            assert!(super::line(&bytes, 3857).is_none());
        }
        for kind in 5..8 {
            assert!(line(&geometry(kind << 1 | 1, 0, &points), WGS_84).is_none());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_bytes_behind_the_header_make_a_line_that_is_none(
            flags: u8, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = geometry(flags, 32, &[(20.0, 6.0), (21.0, 7.0), (22.0, 6.5)]);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let whole = bytes.len();
            bytes.truncate(cut.index(whole + 1));
            if let Some(line) = line(&bytes, WGS_84) {
                let told: usize = line.0.iter().map(|line| line.0.len()).sum();
                prop_assert!(told * 16 < bytes.len());
            }
        }
    }
}
