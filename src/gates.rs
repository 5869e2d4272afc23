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
    let gates = vec![
        believed,
        at_most(
            "gates.max_data_age_days",
            age_days.map(f64::from),
            f64::from(limits.max_data_age_days),
        ),
        something_placed(placed),
    ];
    all(gates)
}

/// Nothing placed is a fault, unless the books prove that there was nothing to place: records came, and each of
/// them tells of something that the mission does not count.
fn something_placed(placed: &Balance) -> Gate {
    let n = |fate| placed.came_out.get(fate).copied().unwrap_or(0);
    let is_proven_empty = placed.taken_in > 0 && n("not_an_outcome") == placed.taken_in;
    #[allow(clippy::cast_precision_loss, reason = "a count, compared with one")]
    Gate {
        name: "incidents placed",
        value: Some(n("placed") as f64),
        limit: 1.0,
        passed: n("placed") >= 1 || is_proven_empty,
    }
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
    fn nothing_placed_is_a_fault_unless_every_record_tells_of_something_else() {
        let passes = |came_out: &[(&'static str, i64)]| {
            let taken_in = came_out.iter().map(|(_, n)| n).sum();
            let books = Balance::close("index", "incidents", taken_in, came_out.to_vec());
            something_placed(&books.unwrap()).passed
        };
        assert!(passes(&[("placed", 1), ("not_an_outcome", 8)]));
        assert!(passes(&[("placed", 0), ("not_an_outcome", 8)]));
        assert!(!passes(&[
            ("placed", 0),
            ("not_an_outcome", 8),
            ("outside", 1)
        ]));
        assert!(!passes(&[("placed", 0), ("not_an_outcome", 0)]));
    }

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
