//! What the statement of this stage reads and writes, and that it loses nothing.

use crate::base::query::Query;
use crate::base::statement::{Statement, all_are_listed};
use crate::tables::{Duplicates, Incidents};

const STATEMENTS: &[Statement] = &[Statement {
    query: Query::Duplicates,
    reads: &[("incidents", Incidents::schema)],
    writes: Duplicates::schema,
}];

#[test]
fn every_statement_is_listed_with_what_its_header_says() {
    all_are_listed("ledger", STATEMENTS);
    STATEMENTS.iter().for_each(Statement::is_as_its_header_says);
}

#[test]
fn every_statement_keeps_its_contract_even_where_it_reads_nothing() {
    STATEMENTS.iter().for_each(Statement::keeps_its_contract);
}

#[test]
fn every_statement_answers_its_case() {
    STATEMENTS.iter().for_each(Statement::answers_its_case);
}
