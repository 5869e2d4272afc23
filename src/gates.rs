//! What refuses publication: a night that ran, but whose layer should not replace the last one.

use crate::base::Context;
use crate::base::error::{Error, Result};
use crate::tables::{Balance, FileCount, Gate};

/// Whether the files are whole enough to be believed, before the ledger learns from them.
///
/// # Errors
/// [`Error::Gate`] where too many rows of a file are rejected.
pub fn believe(context: &Context, files: &[FileCount]) -> Result<Gate> {
    let limit = context.settings.gates.max_rejected_share;
    let gate = at_most("gates.max_rejected_share", rejected_share(files), limit);
    all(vec![gate.clone()]).map(|_passed| gate)
}

/// Compares what was placed with the mission's limits.
///
/// # Errors
/// [`Error::Gate`] with every gate that refuses.
pub fn check(
    context: &Context,
    believed: Gate,
    age_days: Option<i32>,
    placed: &Balance,
) -> Result<Vec<Gate>> {
    let limits = &context.settings.gates;
    let n_placed = placed.came_out.get("placed").copied().unwrap_or(0);
    #[allow(clippy::cast_precision_loss, reason = "a count, compared with one")]
    let gates = vec![
        believed,
        at_most(
            "gates.max_data_age_days",
            age_days.map(f64::from),
            f64::from(limits.max_data_age_days),
        ),
        Gate {
            name: "incidents placed",
            value: Some(n_placed as f64),
            limit: 1.0,
            passed: n_placed >= 1,
        },
    ];
    all(gates)
}

/// The gates, where all have passed.
fn all(gates: Vec<Gate>) -> Result<Vec<Gate>> {
    let refusing: Vec<String> = gates
        .iter()
        .filter(|gate| !gate.passed)
        .map(refusal)
        .collect();
    if refusing.is_empty() {
        Ok(gates)
    } else {
        Err(Error::Gate { gates: refusing })
    }
}

fn at_most(name: &'static str, value: Option<f64>, limit: f64) -> Gate {
    Gate {
        name,
        value,
        limit,
        passed: value.is_some_and(|value| value <= limit),
    }
}

fn refusal(gate: &Gate) -> String {
    let found = gate
        .value
        .map_or_else(|| "nothing to measure".to_owned(), |v| v.to_string());
    format!("{} is {found}, limit {}", gate.name, gate.limit)
}

/// Rejected rows of the worst file, as a share of its rows that were needed.
#[allow(clippy::cast_precision_loss, reason = "rows of a file, far below 2^53")]
fn rejected_share(files: &[FileCount]) -> Option<f64> {
    files
        .iter()
        .map(|file| (file.rows_rejected, file.rows_taken + file.rows_rejected))
        .filter(|&(_, needed)| needed > 0)
        .map(|(rejected, needed)| rejected as f64 / needed as f64)
        .max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_not_needed_do_not_hide_rejected_ones() {
        let file = |rows_taken, rows_left_aside, rows_rejected| FileCount {
            source: "rain".to_owned(),
            file: "SYNTHETIC".to_owned(),
            digest: String::new(),
            rows_read: rows_taken + rows_left_aside + rows_rejected,
            rows_taken,
            rows_left_aside,
            rows_rejected,
            columns_dropped: Vec::new(),
        };
        assert_eq!(
            rejected_share(&[file(9, 0, 1), file(3, 1000, 1)]),
            Some(0.25)
        );
        assert_eq!(rejected_share(&[file(0, 7, 0)]), None, "nothing to measure");
    }
}
