//! Functions of cells and places in SQL. One function a file; adding one is a file and a line in [`all`].
//!
//! Each file has three altitudes: the SQL shell, a loop over Arrow columns, and h3o for one value.
//! Cells are `UInt64` everywhere inside the engine; hex strings exist only in published files.

mod great_circle_km;
mod h3_area_km2;
mod h3_boundary_wkt;
mod h3_cell;
mod h3_disk;
mod h3_parent;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, PrimitiveArray};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field, FieldRef};
use datafusion::common::types::NativeType;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{
    Coercion, ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, TypeSignatureClass, Volatility,
};
use h3o::{CellIndex, Resolution};

/// Every function of ours.
#[must_use]
pub fn all() -> Vec<ScalarUDF> {
    vec![
        great_circle_km::function(),
        h3_area_km2::function(),
        h3_boundary_wkt::function(),
        h3_cell::function(),
        h3_disk::function(),
        h3_parent::function(),
    ]
}

const NO_CELL: &str = "not an H3 cell id";
const NO_RESOLUTION: &str = "resolution must be 0..=15";

/// What a function says of an argument it cannot take; none of these tells the argument.
pub(super) const REASONS: &[&str] = &[
    NO_CELL,
    NO_RESOLUTION,
    h3_cell::NO_PLACE,
    h3_disk::TOO_MANY,
    h3_parent::NOT_COARSER,
];

/// A function of SQL: name, argument types, result type, and the loop over columns.
#[derive(Debug)]
struct Function {
    name: &'static str,
    signature: Signature,
    result: DataType,
    columns: fn(&[ArrayRef]) -> Result<ArrayRef>,
}

/// Builds a function whose result depends on its arguments alone; it takes any number for a number, so that
/// `h3_parent(cell, 3)` needs no cast.
fn define(
    name: &'static str,
    arguments: Vec<DataType>,
    result: DataType,
    columns: fn(&[ArrayRef]) -> Result<ArrayRef>,
) -> ScalarUDF {
    let taken = arguments.into_iter().map(|argument| {
        let native = NativeType::from(argument.clone());
        let number = match argument {
            DataType::Float64 => TypeSignatureClass::Numeric,
            _ => TypeSignatureClass::Integer,
        };
        let own = TypeSignatureClass::Native(Arc::new(native.clone()));
        Coercion::new_implicit(own, vec![number], native)
    });
    let signature = Signature::coercible(taken.collect(), Volatility::Immutable);
    ScalarUDF::from(Function {
        name,
        signature,
        result,
        columns,
    })
}

/// A function is known by its name.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.result.clone())
    }

    /// A gap comes of a gap only.
    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(
            self.name,
            self.result.clone(),
            nullable,
        )))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        (self.columns)(&columns).map(ColumnarValue::Array)
    }
}

/// The argument at `index` as a column of its declared type.
fn column<T: ArrowPrimitiveType>(columns: &[ArrayRef], index: usize) -> Result<&PrimitiveArray<T>> {
    columns
        .get(index)
        .and_then(|column| column.as_any().downcast_ref())
        .ok_or_else(|| DataFusionError::Internal(format!("argument {index} has another type")))
}

/// A cell id, or the reason why a number is none; the number itself is not told.
fn cell(id: u64) -> Result<CellIndex> {
    CellIndex::try_from(id).map_err(|_invalid| DataFusionError::Execution(NO_CELL.to_owned()))
}

/// A resolution, or what it must be.
fn resolution(value: u8) -> Result<Resolution> {
    Resolution::try_from(value)
        .map_err(|_invalid| DataFusionError::Execution(NO_RESOLUTION.to_owned()))
}

/// Wraps a finished column.
fn array(values: impl Array + 'static) -> ArrayRef {
    Arc::new(values)
}
