//! Typed Arrow tables: a declaration lists the columns once and yields schema, row, builder and
//! column access, so that no stage looks a column up by a name of its own.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Date32Builder, Float64Array, Float64Builder, Int32Array,
    Int32Builder, Int64Array, Int64Builder, StringArray, StringBuilder, UInt8Array, UInt8Builder,
    UInt32Array, UInt32Builder, UInt64Array, UInt64Builder,
};
use arrow::datatypes::DataType;

use crate::base::day::Day;

/// One kind of column: its Arrow type, the Rust value of one row, and how rows become an array.
pub trait Column {
    /// Whether a value may be missing.
    const NULLABLE: bool = false;
    /// One row's value.
    type Value<'a>;
    /// The growing column.
    type Builder: Default + std::fmt::Debug;
    /// The finished column.
    type Array: Array + 'static;

    /// The Arrow type.
    fn data_type() -> DataType;
    /// Adds one value.
    fn append(builder: &mut Self::Builder, value: Self::Value<'_>);
    /// Ends the column and empties the builder.
    fn finish(builder: &mut Self::Builder) -> ArrayRef;
}

macro_rules! primitive {
    ($($(#[$doc:meta])* $name:ident: $value:ty, $array:ty, $builder:ty, $data_type:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl Column for $name {
            type Value<'a> = $value;
            type Builder = $builder;
            type Array = $array;
            fn data_type() -> DataType {
                $data_type
            }
            fn append(builder: &mut Self::Builder, value: $value) {
                builder.append_value(value);
            }
            fn finish(builder: &mut Self::Builder) -> ArrayRef {
                Arc::new(builder.finish())
            }
        }

        impl Optional for $name {
            fn append_option(builder: &mut Self::Builder, value: Option<$value>) {
                builder.append_option(value);
            }
        }
    )*};
}

/// A column kind that can also carry missing values.
pub trait Optional: Column {
    /// Adds a value or a gap.
    fn append_option(builder: &mut Self::Builder, value: Option<Self::Value<'_>>);
}

primitive! {
    /// Small codes, see `base::code`.
    U8: u8, UInt8Array, UInt8Builder, DataType::UInt8;
    /// Counts and lines.
    U32: u32, UInt32Array, UInt32Builder, DataType::UInt32;
    /// Cell ids.
    U64: u64, UInt64Array, UInt64Builder, DataType::UInt64;
    /// Weeks.
    I32: i32, Int32Array, Int32Builder, DataType::Int32;
    /// Fixed-point amounts, see `base::fixed`.
    I64: i64, Int64Array, Int64Builder, DataType::Int64;
    /// Measures. Always finite: a value that does not exist is missing, not NaN.
    F64: f64, Float64Array, Float64Builder, DataType::Float64;
}

/// Calendar days.
#[derive(Debug)]
pub struct Date;

impl Column for Date {
    type Value<'a> = Day;
    type Builder = Date32Builder;
    type Array = Date32Array;
    fn data_type() -> DataType {
        DataType::Date32
    }
    fn append(builder: &mut Self::Builder, value: Day) {
        builder.append_value(value.0);
    }
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

impl Optional for Date {
    fn append_option(builder: &mut Self::Builder, value: Option<Day>) {
        builder.append_option(value.map(|day| day.0));
    }
}

/// Short codes and names of places; never free text.
#[derive(Debug)]
pub struct Text;

impl Column for Text {
    type Value<'a> = &'a str;
    type Builder = StringBuilder;
    type Array = StringArray;
    fn data_type() -> DataType {
        DataType::Utf8
    }
    fn append(builder: &mut Self::Builder, value: &str) {
        builder.append_value(value);
    }
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

impl Optional for Text {
    fn append_option(builder: &mut Self::Builder, value: Option<&str>) {
        builder.append_option(value);
    }
}

/// A column in which values may be missing.
#[derive(Debug)]
pub struct Opt<C>(std::marker::PhantomData<C>);

impl<C: Optional> Column for Opt<C> {
    const NULLABLE: bool = true;
    type Value<'a> = Option<C::Value<'a>>;
    type Builder = C::Builder;
    type Array = C::Array;
    fn data_type() -> DataType {
        C::data_type()
    }
    fn append(builder: &mut Self::Builder, value: Self::Value<'_>) {
        C::append_option(builder, value);
    }
    fn finish(builder: &mut Self::Builder) -> ArrayRef {
        C::finish(builder)
    }
}

/// Declares a table: `table! { /// doc  Name, row Row, builder Builder { /// doc  column: Kind, .. } }`.
///
/// `Name` wraps one Arrow batch with exactly these columns; `Name::schema()`, one accessor per
/// column, `Row` (one row's values), `Builder::push(Row)` and `Builder::finish()` come with it.
#[macro_export]
macro_rules! table {
    ($(#[$doc:meta])* $name:ident, row $row:ident, builder $builder:ident {
        $($(#[$column_doc:meta])* $column:ident: $kind:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone)]
        #[allow(unreachable_pub, reason = "a stage may keep a table to itself")]
        pub struct $name {
            batch: ::arrow::record_batch::RecordBatch,
        }

        #[doc = concat!("One row of [`", stringify!($name), "`].")]
        #[allow(missing_debug_implementations, reason = "a row must not be printable")]
        #[allow(dead_code, unreachable_pub, reason = "a statement may be all that writes a table")]
        #[allow(clippy::struct_field_names, reason = "columns have their own names")]
        #[derive(Clone, Copy)]
        pub struct $row<'a> {
            $($(#[$column_doc])* pub $column: <$kind as $crate::base::table::Column>::Value<'a>,)*
        }

        #[doc = concat!("Collects the rows of [`", stringify!($name), "`].")]
        #[allow(dead_code, unreachable_pub, reason = "a statement may be all that writes a table")]
        #[derive(Debug, Default)]
        pub struct $builder {
            len: usize,
            $($column: <$kind as $crate::base::table::Column>::Builder,)*
        }

        #[allow(dead_code, unreachable_pub, reason = "a declaration brings every column's accessor")]
        impl $name {
            /// The columns, their types and whether values may be missing.
            #[must_use]
            pub fn schema() -> ::arrow::datatypes::SchemaRef {
                use $crate::base::table::Column;
                ::std::sync::Arc::new(::arrow::datatypes::Schema::new(vec![$(
                    ::arrow::datatypes::Field::new(
                        stringify!($column),
                        <$kind as Column>::data_type(),
                        <$kind as Column>::NULLABLE,
                    ),
                )*]))
            }

            /// Takes a batch whose columns are exactly these, as one statement's result is.
            ///
            /// # Errors
            /// The batch's schema, where it is another one.
            pub fn from_batch(
                batch: ::arrow::record_batch::RecordBatch,
            ) -> ::std::result::Result<Self, ::arrow::datatypes::SchemaRef> {
                let same = Self::schema() == batch.schema();
                if same { Ok(Self { batch }) } else { Err(batch.schema()) }
            }

            /// The rows as one Arrow batch.
            #[must_use]
            pub fn batch(&self) -> &::arrow::record_batch::RecordBatch {
                &self.batch
            }

            /// The rows as one Arrow batch, the table given up.
            #[must_use]
            pub fn into_batch(self) -> ::arrow::record_batch::RecordBatch {
                self.batch
            }

            /// Number of rows.
            #[must_use]
            pub fn len(&self) -> usize {
                self.batch.num_rows()
            }

            /// Whether there is no row.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            $(
                $(#[$column_doc])*
                #[must_use]
                pub fn $column(&self) -> &<$kind as $crate::base::table::Column>::Array {
                    self.batch
                        .column_by_name(stringify!($column))
                        .and_then(|column| column.as_any().downcast_ref())
                        .expect("the schema was compared when the table was made")
                }
            )*
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({} rows)"), self.len())
            }
        }

        #[allow(dead_code, unreachable_pub, reason = "a statement may be all that writes a table")]
        impl $builder {
            /// Adds one row.
            pub fn push(&mut self, row: $row<'_>) {
                use $crate::base::table::Column;
                $(<$kind as Column>::append(&mut self.$column, row.$column);)*
                self.len += 1;
            }

            /// Rows added so far.
            #[must_use]
            pub fn len(&self) -> usize {
                self.len
            }

            /// Whether no row was added yet.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len == 0
            }

            /// Ends the table.
            #[must_use]
            pub fn finish(mut self) -> $name {
                use $crate::base::table::Column;
                let columns = vec![$(<$kind as Column>::finish(&mut self.$column),)*];
                let batch = ::arrow::record_batch::RecordBatch::try_new($name::schema(), columns)
                    .expect("every push fills every column");
                $name { batch }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    table! {
        /// A table of two columns.
        Pairs, row Pair, builder PairsBuilder {
            /// A cell.
            cell: U64,
            /// A name, where there is one.
            name: Opt<Text>,
        }
    }

    #[test]
    fn a_declaration_yields_schema_rows_and_columns() {
        let mut builder = PairsBuilder::default();
        builder.push(Pair {
            cell: 7,
            name: None,
        });
        builder.push(Pair {
            cell: 8,
            name: Some("a"),
        });
        assert_eq!(builder.len(), 2);
        let pairs = builder.finish();
        assert_eq!(pairs.cell().values(), &[7, 8]);
        assert!(pairs.name().is_null(0));
        assert!(Pairs::from_batch(pairs.batch().clone()).is_ok());
        assert!(Pairs::from_batch(pairs.batch().project(&[0]).unwrap()).is_err());
        assert_eq!(format!("{pairs:?}"), "Pairs(2 rows)");
    }
}
