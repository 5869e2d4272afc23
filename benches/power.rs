//! Power.
fn main() {}
