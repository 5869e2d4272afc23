//! Polygons of a column of geometry: well-known binary, or `GeoArrow`'s native nesting.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, StructArray};
use arrow::datatypes::{DataType, Float64Type};
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use geo_traits::to_geo::ToGeoGeometry;

/// A polygon or multipolygon; nothing where the row has none.
pub(super) fn polygons(column: &ArrayRef, row: usize) -> Option<MultiPolygon<f64>> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
        DataType::Binary => from_wkb(column.as_binary::<i32>().value(row)),
        DataType::LargeBinary => from_wkb(column.as_binary::<i64>().value(row)),
        DataType::BinaryView => from_wkb(column.as_binary_view().value(row)),
        DataType::List(_) => {
            let parts = column.as_list::<i32>().value(row);
            match depth(parts.data_type()) {
                1 => Some(polygon(&parts)?.into()),
                2 => {
                    let parts = parts.as_list::<i32>();
                    let polygons = (0..parts.len()).map(|i| polygon(&parts.value(i)));
                    Some(MultiPolygon(polygons.collect::<Option<Vec<_>>>()?))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// A polygon or multipolygon in well-known binary.
pub(crate) fn from_wkb(bytes: &[u8]) -> Option<MultiPolygon<f64>> {
    match wkb::reader::read_wkb(bytes).ok()?.try_to_geometry()? {
        Geometry::Polygon(polygon) => Some(polygon.into()),
        Geometry::MultiPolygon(polygons) => Some(polygons),
        _ => None,
    }
}

/// Lists around the coordinates.
fn depth(data_type: &DataType) -> usize {
    match data_type {
        DataType::List(field) => 1 + depth(field.data_type()),
        _ => 0,
    }
}

/// A list of rings, the outer one first.
fn polygon(rings: &ArrayRef) -> Option<Polygon<f64>> {
    let rings = rings.as_list_opt::<i32>()?;
    let mut rings = (0..rings.len()).map(|i| ring(&rings.value(i)));
    let outer = rings.next()??;
    Some(Polygon::new(outer, rings.collect::<Option<Vec<_>>>()?))
}

fn ring(points: &ArrayRef) -> Option<LineString<f64>> {
    let points: &StructArray = points.as_struct_opt()?;
    let axis = |name: &str| -> Option<&Float64Array> {
        points
            .column_by_name(name)?
            .as_primitive_opt::<Float64Type>()
    };
    let (x, y) = (axis("x")?, axis("y")?);
    Some(
        x.values()
            .iter()
            .zip(y.values())
            .map(|(&x, &y)| Coord { x, y })
            .collect(),
    )
}
