mod scores;
mod sums;
