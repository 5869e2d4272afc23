//! The SQL engine, held still: one place that knows its options and its asynchronous runtime.

use std::num::NonZeroUsize;
use std::sync::Arc;

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

/// A DataFusion session with the H3 functions, the query catalogue, and nothing else reachable:
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
        let failed = |reason: &dyn std::fmt::Display| Error::Query {
            query: "(session)",
            reason: first_line(&reason.to_string()),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| failed(&error))?;
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
            .map_err(|error| failed(&error))?;
        let context = SessionContext::new_with_config_rt(config, env);
        for function in udf::all() {
            context.register_udf(function);
        }
        Ok(Self { context, runtime })
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
        self.runtime.block_on(async {
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
        })
    }
}

/// The engine's longer texts can quote data; the first line names the fault.
fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect()
}
