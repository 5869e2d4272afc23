//! Statements of people: read-only, over registered tables, bounded in length, depth, rows, memory and time.
//!
//! The engine behind it has what is named here and nothing else: no file format, no table function, no place to
//! spill to, and no function whose result can grow beyond what goes in, so that no statement fills a disk or,
//! by doubling a text often enough, the memory that the pool does not see.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use datafusion::config::Dialect;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::functions::datetime::planner::DatetimeFunctionPlanner;
use datafusion::functions::unicode::planner::UnicodeFunctionPlanner;
use datafusion::functions_aggregate::planner::AggregateFunctionPlanner;
use datafusion::functions_window::planner::WindowFunctionPlanner;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as Sql;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::base::error::{Error, Result};
use crate::base::session::{Limits, Session, cannot_start, first_line};
use crate::base::udf;

/// Longest statement in bytes.
const MAX_BYTES: usize = 64 << 10;
/// Most words and signs of a statement: a chain of as many operators is a tree as deep.
const MAX_TOKENS: usize = 4000;
/// Deep trees are walked by recursion; the stack is memory only where it is used.
const STACK_BYTES: usize = 1 << 30;
/// What is past its time and does not rest is given up after this.
const GRACE: Duration = Duration::from_secs(2);

/// Functions a statement may call, beside those of H3, aggregates and windows.
const SCALARS: &[&str] = &[
    "abs",
    "btrim",
    "ceil",
    "character_length",
    "coalesce",
    "contains",
    "date_bin",
    "date_part",
    "date_trunc",
    "ends_with",
    "exp",
    "floor",
    "greatest",
    "least",
    "left",
    "ln",
    "log",
    "log10",
    "lower",
    "ltrim",
    "make_date",
    "nullif",
    "power",
    "regexp_like",
    "right",
    "round",
    "rtrim",
    "signum",
    "split_part",
    "sqrt",
    "starts_with",
    "strpos",
    "substr",
    "to_date",
    "trunc",
    "upper",
];
/// Aggregates that gather all values in one are left out.
const AGGREGATES: &[&str] = &[
    "avg",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "max",
    "median",
    "min",
    "stddev",
    "stddev_pop",
    "sum",
    "var",
    "var_pop",
];

/// How much of an answer is given, and how long one waits for it.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Rows; what is beyond is cut.
    pub max_rows: usize,
    /// Time.
    pub time: Duration,
}

/// What a statement brought.
#[derive(Debug)]
pub struct Answer {
    /// Its rows.
    pub rows: RecordBatch,
    /// Whether there were more.
    pub is_cut: bool,
}

/// An engine that answers one statement.
#[derive(Debug)]
pub struct Reader(Session);

impl Reader {
    /// An engine without tables.
    ///
    /// # Errors
    /// [`Error::Query`] where it cannot be configured.
    pub fn new(limits: Limits) -> Result<Self> {
        Session::of(SessionContext::new_with_state(state(limits)?)).map(Self)
    }

    /// Makes a table readable under a name.
    ///
    /// # Errors
    /// [`Error::Query`] where the engine refuses the table.
    pub fn register(&self, name: &'static str, rows: RecordBatch) -> Result<()> {
        self.0.register(name, rows)
    }

    /// Answers a statement.
    ///
    /// # Errors
    /// [`Error::Usage`] for a statement that is not allowed or does not fit the tables,
    /// [`Error::Unanswered`] for one that needs too much, or stumbles over a value.
    pub fn ask(self, text: &str, bounds: Bounds) -> Result<Answer> {
        let text = text.to_owned();
        guarded(bounds.time, move || {
            self.0
                .wait_for(bounds.time, self.answer(&text, bounds.max_rows))
                .ok_or_else(late)?
        })
    }

    async fn answer(&self, text: &str, max_rows: usize) -> Result<Answer> {
        let state = self.0.context().state();
        let statement = parsed(&state, text)?;
        let is_query =
            matches!(&statement, Statement::Statement(sql) if matches!(**sql, Sql::Query(_)));
        let plan = state
            .statement_to_plan(statement)
            .await
            .map_err(|e| unfit(&e))?;
        let options = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false);
        options.verify_plan(&plan).map_err(|e| unfit(&e))?;
        let frame = self.0.context().execute_logical_plan(plan).await;
        let mut frame = frame.map_err(|e| unfit(&e))?;
        if is_query {
            let one_more = max_rows.saturating_add(1);
            frame = frame.limit(0, Some(one_more)).map_err(|e| unfit(&e))?;
        }
        let planned = Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(|e| stumbled(&e))?;
        // What a plan says of a column before its types are told apart is not always what comes.
        let came = batches.first().map_or(planned, RecordBatch::schema);
        let fields = came.fields().iter();
        let fields = fields.map(|field| field.as_ref().clone().with_nullable(true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let rows = concat_batches(&schema, &batches).map_err(|e| stumbled(&e.into()))?;
        Ok(Answer {
            is_cut: rows.num_rows() > max_rows,
            rows: rows.slice(0, rows.num_rows().min(max_rows)),
        })
    }
}

/// The tables a statement names, so that no other need be filled.
///
/// # Errors
/// [`Error::Usage`] for a statement that is not allowed.
pub fn tables_named(text: &str, limits: Limits, time: Duration) -> Result<BTreeSet<String>> {
    let text = text.to_owned();
    guarded(time, move || {
        let state = state(limits)?;
        let statement = parsed(&state, &text)?;
        let names = state.resolve_table_references(&statement);
        let names = names.map_err(|e| unfit(&e))?;
        Ok(names.iter().map(|name| name.table().to_owned()).collect())
    })
}

/// Works on a stack that deep statements need, and comes back in time whatever becomes of the work: work that
/// never rests cannot be ended, and is left to end with the process.
fn guarded<T: Send + 'static>(
    time: Duration,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (answers, answer) = channel();
    let spawned = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || answers.send(work()));
    spawned.map_err(|e| cannot_start(&e))?;
    match answer.recv_timeout(time.saturating_add(GRACE)) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(late()),
        Err(RecvTimeoutError::Disconnected) => Err(unanswered(
            "the engine gave it up".to_owned(),
            "ask for less at once",
        )),
    }
}

fn state(limits: Limits) -> Result<SessionState> {
    let mut config = SessionConfig::new()
        .with_target_partitions(limits.threads.get())
        .with_information_schema(true);
    config.options_mut().execution.enable_recursive_ctes = false;
    // See Session::new.
    config
        .options_mut()
        .execution
        .skip_partial_aggregation_probe_rows_threshold = usize::MAX;
    let nowhere = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let env = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits.memory_bytes)))
        .with_disk_manager_builder(nowhere)
        .build_arc()
        .map_err(|e| cannot_start(&e))?;
    let mut scalars = SessionStateDefaults::default_scalar_functions();
    scalars.retain(|function| SCALARS.contains(&function.name()));
    scalars.extend(udf::all().into_iter().map(Arc::new));
    let mut aggregates = SessionStateDefaults::default_aggregate_functions();
    aggregates.retain(|function| AGGREGATES.contains(&function.name()));
    Ok(SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(env)
        .with_expr_planners(vec![
            Arc::new(DatetimeFunctionPlanner),
            Arc::new(UnicodeFunctionPlanner),
            Arc::new(AggregateFunctionPlanner),
            Arc::new(WindowFunctionPlanner),
        ])
        .with_scalar_functions(scalars)
        .with_aggregate_functions(aggregates)
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .build())
}

/// One statement that only reads, or the reason why a text is none.
fn parsed(state: &SessionState, text: &str) -> Result<Statement> {
    is_short(text)?;
    let statement = state.sql_to_statement(text, &Dialect::Generic);
    let statement = statement.map_err(|e| unfit(&e))?;
    if reads(&statement) {
        return Ok(statement);
    }
    Err(refused("the statement does not only read"))
}

fn reads(statement: &Statement) -> bool {
    match statement {
        Statement::Statement(sql) => matches!(
            **sql,
            Sql::Query(_)
                | Sql::ShowTables { .. }
                | Sql::ShowColumns { .. }
                | Sql::ExplainTable { .. }
        ),
        Statement::Explain(explained) => reads(&explained.statement),
        _ => false,
    }
}

/// Whether a text can be parsed without harm: neither long nor deep, and free of what makes values grow.
fn is_short(text: &str) -> Result<()> {
    if text.len() > MAX_BYTES {
        return Err(refused("the statement is longer than 64 KiB"));
    }
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize();
    let tokens = tokens
        .map_err(|_why| refused("the statement is no SQL: a quote or comment is left open"))?;
    let words = tokens
        .iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)));
    if words.count() > MAX_TOKENS {
        return Err(refused("the statement has more than 4000 words and signs"));
    }
    let grows =
        |token: &Token| matches!(token, Token::StringConcat | Token::LBracket | Token::LBrace);
    if tokens.iter().any(grows) {
        return Err(refused("the statement joins texts, or writes a list"));
    }
    let open = |token: &Token| matches!(token, Token::Placeholder(_));
    if tokens.iter().any(open) {
        return Err(refused("the statement leaves a value open"));
    }
    Ok(())
}

fn refused(what: &str) -> Error {
    Error::Usage {
        what: what.to_owned(),
        expected: "one SELECT over the tables that --tables lists".to_owned(),
    }
}

/// Before a row is read, the engine's words are about the statement and the names of columns.
fn unfit(error: &DataFusionError) -> Error {
    refused(&first_line(&error.strip_backtrace()))
}

fn unanswered(reason: String, expected: &'static str) -> Error {
    Error::Unanswered { reason, expected }
}

fn late() -> Error {
    unanswered(
        "its time is over".to_owned(),
        "ask for less, or give it more with --timeout",
    )
}

/// Once rows are read, the engine's words can quote them: only their kind is told.
fn stumbled(error: &DataFusionError) -> Error {
    let (reason, expected) = match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => (
            "it needs more memory than it may have",
            "ask for less, or give it more with --memory",
        ),
        DataFusionError::ArrowError(error, _) => match **error {
            ArrowError::DivideByZero => ("a division by zero", "NULLIF(x, 0) gives a gap instead"),
            ArrowError::CastError(_) | ArrowError::ParseError(_) => (
                "a value is not of the type asked for",
                "TRY_CAST gives a gap instead",
            ),
            ArrowError::ArithmeticOverflow(_) => {
                ("a number grew too large", "sum fewer, or as DOUBLE")
            }
            _ => (
                "the engine stumbled over a value",
                "ask for the columns one by one",
            ),
        },
        DataFusionError::Execution(reason) if udf::REASONS.contains(&reason.as_str()) => {
            return unanswered(reason.clone(), "give the function what it takes");
        }
        _ => (
            "the engine stumbled over a value",
            "ask for the columns one by one",
        ),
    };
    unanswered(reason.to_owned(), expected)
}

#[cfg(test)]
#[path = "ask_tests.rs"]
mod tests;
