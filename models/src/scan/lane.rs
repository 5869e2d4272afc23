/// Replicates scanned side by side: the same cylinder of all of them at once. No result depends on
/// the number. With 16 the compiler unrolls the loops over lanes and no longer makes vectors of
/// them, at four times the cost; 64 gain a tenth and take twice the memory.
pub(super) const LANES: usize = 32;

/// A count of cases. Sums of a narrow type stay at `MAX` once they reach it; those of the widest
/// cannot, since a scan has fewer cases than that.
pub(super) trait Lane: Copy + Ord + Default + Send + Sync {
    const MAX: Self;
    /// Whether a wider type can take over where this one ends.
    const NARROW: bool;
    fn plus(self, other: Self) -> Self;
    fn less(self, other: Self) -> Self;
    fn from_cases(cases: u32) -> Self;
    fn cases(self) -> f64;
}

impl Lane for i16 {
    const MAX: Self = Self::MAX;
    const NARROW: bool = true;

    #[inline]
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }

    #[inline]
    fn less(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline]
    fn from_cases(cases: u32) -> Self {
        Self::try_from(cases).unwrap_or(Self::MAX)
    }

    #[inline]
    fn cases(self) -> f64 {
        f64::from(self)
    }
}

impl Lane for i32 {
    const MAX: Self = Self::MAX;
    const NARROW: bool = false;

    #[inline]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline]
    fn less(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline]
    fn from_cases(cases: u32) -> Self {
        Self::try_from(cases).unwrap_or(Self::MAX)
    }

    #[inline]
    fn cases(self) -> f64 {
        f64::from(self)
    }
}
