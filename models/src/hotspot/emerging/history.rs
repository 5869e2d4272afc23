use super::Spot;
use crate::trend::Direction;

/// What the table asks of the spots of one cell.
pub(super) struct History {
    known: usize,
    hot: usize,
    cold: usize,
    last: Spot,
    /// Spots like the last one since there was another, or none.
    run: usize,
}

/// The same, seen from the hot side or from the cold one.
pub(super) struct Side {
    /// The final step is a spot of this side.
    pub(super) ends: bool,
    /// At least nine known steps of ten are.
    pub(super) nearly_always: bool,
    /// Steps that are.
    pub(super) own: usize,
    /// Steps that are spots of the other side.
    pub(super) opposite: usize,
    /// Spots of this side without a break up to the final step.
    pub(super) run: usize,
    /// Where the scores go: up is away from the other side.
    pub(super) trend: Direction,
}

impl History {
    /// None where the final step is not known.
    pub(super) fn of(spots: &[Option<Spot>]) -> Option<Self> {
        let last = spots.last().copied().flatten()?;
        let known = || spots.iter().flatten();
        let count = |spot: Spot| known().filter(|&&other| other == spot).count();
        Some(Self {
            known: known().count(),
            hot: count(Spot::Hot),
            cold: count(Spot::Cold),
            last,
            run: known().rev().take_while(|&&spot| spot == last).count(),
        })
    }

    /// Whether the table asks where the scores go.
    pub(super) fn needs_trend(&self) -> bool {
        match self.last {
            Spot::Hot => self.nearly_always(self.hot),
            Spot::Cold => self.nearly_always(self.cold),
            Spot::Plain => false,
        }
    }

    pub(super) fn hot(&self, trend: Direction) -> Side {
        self.side(Spot::Hot, (self.hot, self.cold), trend)
    }

    pub(super) fn cold(&self, trend: Direction) -> Side {
        let turned = match trend {
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
            Direction::Neither => Direction::Neither,
        };
        self.side(Spot::Cold, (self.cold, self.hot), turned)
    }

    fn side(&self, kind: Spot, (own, opposite): (usize, usize), trend: Direction) -> Side {
        let ends = self.last == kind;
        Side {
            ends,
            nearly_always: self.nearly_always(own),
            own,
            opposite,
            run: if ends { self.run } else { 0 },
            trend,
        }
    }

    fn nearly_always(&self, count: usize) -> bool {
        10 * count >= 9 * self.known
    }
}
