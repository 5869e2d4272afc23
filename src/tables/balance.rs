//! What went into a stage and what came out.

use std::collections::BTreeMap;

use crate::base::error::{Error, Result};

/// The books of one stage: `taken in = sum of all that came out`, always.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Balance {
    /// The stage.
    pub stage: &'static str,
    /// What is counted (`rows`, `incidents`, `cells`).
    pub what: &'static str,
    /// How many went in.
    pub taken_in: i64,
    /// Where they went.
    pub came_out: BTreeMap<&'static str, i64>,
}

impl Balance {
    /// Closes the books.
    ///
    /// # Errors
    /// [`Error::Unbalanced`] where they do not balance.
    pub fn close(
        stage: &'static str,
        what: &'static str,
        taken_in: i64,
        came_out: impl IntoIterator<Item = (&'static str, i64)>,
    ) -> Result<Self> {
        let came_out: BTreeMap<_, _> = came_out.into_iter().collect();
        let after = came_out.values().map(|&n| i128::from(n)).sum();
        if i128::from(taken_in) == after {
            Ok(Self {
                stage,
                what,
                taken_in,
                came_out,
            })
        } else {
            Err(Error::Unbalanced {
                stage,
                what,
                before: taken_in.into(),
                after,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_that_lose_a_row_are_an_error() {
        assert!(Balance::close("index", "incidents", 3, [("placed", 2), ("outside", 1)]).is_ok());
        assert!(Balance::close("index", "incidents", 3, [("placed", 2)]).is_err());
    }
}
