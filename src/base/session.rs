//! The SQL engine, held still: one place that knows its options and its asynchronous runtime.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use datafusion::common::ParamValues;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::scalar::ScalarValue;

use crate::base::error::{Error, Result};
use crate::base::query::Query;
use crate::base::udf;

/// A `DataFusion` session with the H3 functions, the query catalogue, and nothing else reachable:
/// statements that define, change or copy data are refused.
pub struct Session {
    context: SessionContext,
    runtime: tokio::runtime::Runtime,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

/// Bounds of the engine.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Threads that work on one statement.
    pub threads: NonZeroUsize,
    /// Bytes that statements may hold before they spill.
    pub memory_bytes: usize,
}

impl Session {
    /// Starts an engine within limits.
    ///
    /// # Errors
    /// [`Error::Query`] where the engine cannot be configured.
    pub fn new(limits: Limits) -> Result<Self> {
        let mut config = SessionConfig::new()
            .with_target_partitions(limits.threads.get())
            .with_information_schema(false);
        // A partial aggregate that gives up half-way has lost rows before: never let it give up.
        config
            .options_mut()
            .execution
            .skip_partial_aggregation_probe_rows_threshold = usize::MAX;
        let env = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory_bytes)))
            .build_arc()
            .map_err(|error| cannot_start(&error))?;
        let context = SessionContext::new_with_config_rt(config, env);
        for function in udf::all() {
            context.register_udf(function);
        }
        Self::of(context)
    }

    /// An engine over a context that someone else narrowed.
    pub(super) fn of(context: SessionContext) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(|error| cannot_start(&error))?;
        Ok(Self { context, runtime })
    }

    /// Waits for work that only looks asynchronous: local files.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(super) fn context(&self) -> &SessionContext {
        &self.context
    }

    /// Waits for work, no longer than this; work that is late is dropped, and ends where it next rests.
    pub(super) fn wait_for<W: Future>(&self, time: Duration, work: W) -> Option<W::Output> {
        let timed = async { tokio::time::timeout(time, work).await.ok() };
        self.runtime.block_on(timed)
    }

    /// Makes a table readable by statements under a name, in place of any earlier one.
    ///
    /// # Errors
    /// [`Error::Query`] where the engine refuses the table.
    pub fn register(&self, name: &'static str, batch: RecordBatch) -> Result<()> {
        let failed = |error: datafusion::error::DataFusionError| Error::Query {
            query: name,
            reason: first_line(&error.to_string()),
        };
        self.context.deregister_table(name).map_err(failed)?;
        self.context.register_batch(name, batch).map_err(failed)?;
        Ok(())
    }

    /// Forgets a table, so that its memory can go.
    ///
    /// # Errors
    /// [`Error::Query`] where the engine refuses.
    pub fn forget(&self, name: &'static str) -> Result<()> {
        self.context
            .deregister_table(name)
            .map(|_table| ())
            .map_err(|error| Error::Query {
                query: name,
                reason: first_line(&error.to_string()),
            })
    }

    /// Runs one statement of the catalogue and returns its rows as one batch.
    ///
    /// # Errors
    /// [`Error::Query`] with the statement's name and the engine's first line.
    pub fn query(&self, query: Query, params: &[(&str, ScalarValue)]) -> Result<RecordBatch> {
        let failed = |error: datafusion::error::DataFusionError| Error::Query {
            query: query.name(),
            reason: first_line(&error.to_string()),
        };
        let options = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        let params: Vec<(&str, ScalarValue)> = params.to_vec();
        let began = std::time::Instant::now();
        let rows = self.runtime.block_on(async {
            let mut frame = self
                .context
                .sql_with_options(query.sql(), options)
                .await
                .map_err(failed)?;
            if !params.is_empty() {
                frame = frame
                    .with_param_values(ParamValues::from(params))
                    .map_err(failed)?;
            }
            let schema = Arc::new(frame.schema().as_arrow().clone());
            let batches = frame.collect().await.map_err(failed)?;
            concat_batches(&schema, &batches).map_err(|error| failed(error.into()))
        })?;
        let took_s = began.elapsed().as_secs_f64();
        tracing::debug!(query = query.name(), rows = rows.num_rows(), took_s);
        Ok(rows)
    }
}

pub(super) fn cannot_start(reason: &dyn std::fmt::Display) -> Error {
    Error::Query {
        query: "(session)",
        reason: first_line(&reason.to_string()),
    }
}

/// The engine's longer texts can quote data; the first line names the fault.
pub(super) fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
    use arrow::datatypes::{DataType, Field, UInt64Type};
    use arrow::util::display::array_value_to_string;
    use datafusion::logical_expr::{ScalarUDF, TypeSignature, TypeSignatureClass};

    use super::*;
    use crate::base::statement::{column, fixtures, hex, session};

    /// What the reference implementation answers to one function.
    #[derive(serde::Deserialize)]
    struct Case {
        statement: String,
        arguments: Vec<(String, Vec<String>)>,
        expected: Vec<String>,
    }

    impl Case {
        /// The arguments as columns of the types that the function declares.
        fn table(&self, function: &ScalarUDF) -> RecordBatch {
            let TypeSignature::Coercible(types) = &function.signature().type_signature else {
                panic!("{} takes more than one list of types", function.name())
            };
            let types = types.iter().map(|taken| match taken.desired_type() {
                TypeSignatureClass::Native(native) => {
                    native.default_cast_for(&DataType::Null).unwrap()
                }
                _ => panic!("{} takes no one type", function.name()),
            });
            let arguments = self.arguments.iter().zip(types);
            let mut columns: Vec<(&str, ArrayRef)> = arguments
                .map(|((name, texts), data_type)| {
                    let field = Field::new(name, data_type, false);
                    let values = column(&field, texts.iter().map(String::as_str));
                    (name.as_str(), values)
                })
                .collect();
            let positions = (0_u32..).take(self.expected.len());
            let positions = UInt32Array::from_iter_values(positions);
            columns.push(("position", Arc::new(positions)));
            RecordBatch::try_from_iter(columns).unwrap()
        }
    }

    /// One value as a text, cells in hex.
    fn text(column: &ArrayRef, row: usize) -> String {
        let cells = match column.data_type() {
            DataType::UInt64 => column.slice(row, 1),
            DataType::List(_) => column.as_list::<i32>().value(row),
            _ => return array_value_to_string(column, row).unwrap(),
        };
        let cells = hex(cells.as_primitive::<UInt64Type>());
        cells.iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// Whether two texts are the same but for the last digits of their numbers.
    fn same(found: &str, expected: &str) -> bool {
        let parts = |text: &str| -> Vec<String> {
            let parts = text.split([' ', ',', '(', ')']);
            parts.map(str::to_owned).collect()
        };
        let number = |part: &str| part.contains('.').then(|| part.parse::<f64>().ok())?;
        let (found, expected) = (parts(found), parts(expected));
        found.len() == expected.len()
            && found.iter().zip(&expected).all(|(a, b)| {
                let numbers = number(a).zip(number(b));
                numbers.map_or(a == b, |(a, b)| (a - b).abs() <= 1e-9 * b.abs())
            })
    }

    #[test]
    fn every_h3_function_answers_a_statement_as_the_reference_implementation_does() {
        let cases = std::fs::read_to_string(fixtures().join("reference/h3/expected.json"));
        let cases: BTreeMap<String, Case> = serde_json::from_str(&cases.unwrap()).unwrap();
        assert_eq!(cases.len(), udf::all().len(), "one case a function");
        let session = session();
        for function in udf::all() {
            let case = &cases[function.name()];
            session.register("cases", case.table(&function)).unwrap();
            let found = session.runtime.block_on(async {
                let frame = session.context.sql(&case.statement).await.unwrap();
                let schema = Arc::new(frame.schema().as_arrow().clone());
                concat_batches(&schema, &frame.collect().await.unwrap()).unwrap()
            });
            assert_eq!(found.num_rows(), case.expected.len(), "{}", function.name());
            for (row, expected) in case.expected.iter().enumerate() {
                let found = text(found.column(0), row);
                assert!(
                    same(&found, expected),
                    "{} of row {row}: found {found}, expected {expected}",
                    function.name()
                );
            }
        }
    }

    #[test]
    fn another_number_is_not_the_same() {
        assert!(same("(1.00000000000001 2.5)", "(1.0 2.5)"));
        assert!(!same("(1.0001 2.5)", "(1.0 2.5)"));
        assert!(!same("856b807bfffffff", "856b82b7fffffff"));
    }
}
