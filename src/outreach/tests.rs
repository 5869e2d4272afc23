//! The gate, the go decision and the card, without a night.
