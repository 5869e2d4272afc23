//! What can stop a night, and the exit code each cause has. A bad row is not here: it is a rejection.

use std::path::{Path, PathBuf};

use crate::base::settings::Problem;

/// One cause that stops a run. Messages say where, what, and what would be right; never a row's content.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Settings that cannot be used, all problems at once.
    #[error("{path}: {n} setting(s) cannot be used{list}", n = problems.len(), list = list(problems))]
    Settings {
        /// The settings file.
        path: PathBuf,
        /// Every problem found in one pass.
        problems: Vec<Problem>,
    },
    /// A command line that asks for something that does not exist.
    #[error("{what}; {expected}")]
    Usage {
        /// What was asked.
        what: String,
        /// What would be right.
        expected: String,
    },
    /// A file whose columns identify people. It is refused whole.
    #[error("{path}: column(s) that identify people: {}; remove them before the file enters the inbox", columns.join(", "))]
    Identifying {
        /// The refused file.
        path: PathBuf,
        /// The columns, by their header names.
        columns: Vec<String>,
    },
    /// An input that is not there yet.
    #[error("{path}: no such input yet; {expected}")]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
        /// What would be right.
        expected: String,
    },
    /// A file that cannot be read as what it was declared to be.
    #[error("{path}{}: {what}; {expected}", line.map_or_else(String::new, |l| format!(":{l}")))]
    File {
        /// The file.
        path: PathBuf,
        /// Physical line, 1-based, where one can be named.
        line: Option<u64>,
        /// What was found, without any content of a row.
        what: String,
        /// What would be right.
        expected: String,
    },
    /// The operating system refused.
    #[error("{path}: cannot {action}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A statement of the query catalogue failed.
    #[error("while running queries/{query}.sql: {reason}")]
    Query {
        /// Its name in the catalogue.
        query: &'static str,
        /// The engine's reason, first line only: longer texts can quote data.
        reason: String,
    },
    /// A person's statement that was allowed, and not answered.
    #[error("the statement was not answered: {reason}; {expected}")]
    Unanswered {
        /// What stopped it, without any content of a row.
        reason: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A statistic that cannot be computed from what it was given.
    #[error("{stage}: {reason}")]
    Statistic {
        /// The stage that asked.
        stage: &'static str,
        /// The reason, from `models`.
        reason: String,
    },
    /// Rows went missing or appeared between two stages: a fault of ours, never published.
    #[error("{stage}: {what} do not balance: {before} in, {after} out")]
    Unbalanced {
        /// The stage.
        stage: &'static str,
        /// What was counted.
        what: &'static str,
        /// How many went in.
        before: i128,
        /// How many came out.
        after: i128,
    },
    /// A quality gate refused publication; the last published layer stays.
    #[error("not published: {}", gates.join("; "))]
    Gate {
        /// Every gate that refused, with its value and limit.
        gates: Vec<String>,
    },
    /// Another run holds the mission's lock.
    #[error("{path}: another run holds the lock; wait for it, or end it")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
}

/// Result with the engine's error.
pub type Result<T> = std::result::Result<T, Error>;

fn list(problems: &[Problem]) -> String {
    problems
        .iter()
        .fold(String::new(), |all, problem| format!("{all}\n  {problem}"))
}

impl Error {
    /// Exit code of the command line contract.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Settings { .. } | Self::Usage { .. } | Self::Identifying { .. } => 2,
            Self::Gate { .. } => 3,
            Self::Locked { .. } => 4,
            Self::Absent { .. } => 75,
            Self::File { .. }
            | Self::Io { .. }
            | Self::Query { .. }
            | Self::Unanswered { .. }
            | Self::Statistic { .. }
            | Self::Unbalanced { .. } => 1,
        }
    }

    /// Wraps a system error with the path and what was tried.
    pub fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io {
            path: path.to_path_buf(),
            action,
            source,
        }
    }

    /// A statistic's refusal, told as the stage that asked for it.
    pub fn statistic<E: std::error::Error>(stage: &'static str) -> impl Fn(E) -> Self {
        move |reason| Self::Statistic {
            stage,
            reason: reason.to_string(),
        }
    }
}
