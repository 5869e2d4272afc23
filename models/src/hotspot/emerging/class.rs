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

impl EmergingClass {
    /// The class as it is published, such as `intensifying hot spot`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        use Pattern as P;
        match self {
            Self::Hot(P::Intensifying) => "intensifying hot spot",
            Self::Hot(P::Diminishing) => "diminishing hot spot",
            Self::Hot(P::Persistent) => "persistent hot spot",
            Self::Hot(P::Oscillating) => "oscillating hot spot",
            Self::Hot(P::New) => "new hot spot",
            Self::Hot(P::Consecutive) => "consecutive hot spot",
            Self::Hot(P::Sporadic) => "sporadic hot spot",
            Self::Hot(P::Historical) => "historical hot spot",
            Self::Cold(P::Intensifying) => "intensifying cold spot",
            Self::Cold(P::Diminishing) => "diminishing cold spot",
            Self::Cold(P::Persistent) => "persistent cold spot",
            Self::Cold(P::Oscillating) => "oscillating cold spot",
            Self::Cold(P::New) => "new cold spot",
            Self::Cold(P::Consecutive) => "consecutive cold spot",
            Self::Cold(P::Sporadic) => "sporadic cold spot",
            Self::Cold(P::Historical) => "historical cold spot",
            Self::NoPattern => "no pattern",
        }
    }
}

/// Whose wording decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compat {
    /// Esri since 2024: a sporadic spot is one at the final step.
    Esri2024,
    /// Esri before, and the R package sfdep: a sporadic spot may have ended.
    EsriLegacy,
}
