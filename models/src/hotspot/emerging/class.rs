/// What one step of a cell is after control for false discoveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Significantly high.
    Hot,
    /// Significantly low.
    Cold,
    /// Neither.
    Plain,
}

/// How spots of one kind follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// Nearly always, now, and ever more so.
    Intensifying,
    /// Nearly always, now, and ever less so.
    Diminishing,
    /// Nearly always and now.
    Persistent,
    /// Now, and once the opposite.
    Oscillating,
    /// Now for the first time.
    New,
    /// Now and for some steps without a break, never before.
    Consecutive,
    /// On and off, never the opposite.
    Sporadic,
    /// Nearly always, but not now.
    Historical,
}

/// The class of a cell: eight hot, eight cold, and none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EmergingClass {
    /// A pattern of hot spots.
    Hot(Pattern),
    /// A pattern of cold spots.
    Cold(Pattern),
    /// No pattern detected.
    NoPattern,
}

/// Whose wording decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compat {
    /// Esri since 2024: a sporadic spot is one at the final step.
    Esri2024,
    /// Esri before, and the R package sfdep: a sporadic spot may have ended.
    EsriLegacy,
}
