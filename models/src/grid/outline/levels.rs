use h3o::{CellIndex, Direction, Resolution};
use hashbrown::HashMap;

use crate::units::compact;

/// Cells of one resolution, and which of them have the same parent.
pub(super) struct Level {
    /// Ascending.
    pub(super) cells: Vec<CellIndex>,
    pub(super) families: Vec<Family>,
    of_parent: HashMap<CellIndex, u32>,
}

/// The cells of a level that one parent has.
pub(super) struct Family {
    parent: CellIndex,
    /// One bit for each child that is there, by its last digit.
    members: u8,
    /// Where the first of them stands.
    first: u32,
    /// Where the parent stands in the level above, if all its children are here.
    pub(super) above: Option<u32>,
}

impl Level {
    /// The levels of a set of cells in ascending order: the cells, the parents all of whose
    /// children are among them, the parents of these, and so on.
    pub(super) fn all(cells: Vec<CellIndex>) -> Vec<Self> {
        let mut levels = Vec::new();
        let mut cells = cells;
        while !cells.is_empty() {
            let (level, above) = Self::of(cells);
            levels.push(level);
            cells = above;
        }
        levels
    }

    /// A level, and the parents that have all their children in it.
    fn of(cells: Vec<CellIndex>) -> (Self, Vec<CellIndex>) {
        let mut families: Vec<Family> = Vec::new();
        let mut above = Vec::new();
        let mut first = 0;
        for children in cells.chunk_by(|&a, &b| parent(a) == parent(b)) {
            let parent = parent(children[0]);
            let members = children.iter().fold(0, |all, &child| all | bit(child));
            let complete = members == all_of(parent) && parent != children[0];
            families.push(Family {
                parent,
                members,
                first,
                above: complete.then(|| compact(above.len())),
            });
            if complete {
                above.push(parent);
            }
            first += compact(children.len());
        }
        let numbers = families.iter().zip(0..);
        let level = Self {
            of_parent: numbers.map(|(family, i)| (family.parent, i)).collect(),
            families,
            cells,
        };
        (level, above)
    }

    /// Where a cell stands in the level, if it does; sought first in a family it may well be of.
    pub(super) fn position(&self, cell: CellIndex, family: &Family) -> Option<u32> {
        let parent = parent(cell);
        if parent == family.parent {
            return family.position(cell);
        }
        let family = self.of_parent.get(&parent)?;
        self.families[*family as usize].position(cell)
    }
}

impl Family {
    fn position(&self, child: CellIndex) -> Option<u32> {
        let bit = bit(child);
        let before = (self.members & (bit - 1)).count_ones();
        (self.members & bit != 0).then_some(self.first + before)
    }

    /// Where its members stand in the level.
    pub(super) fn members(&self) -> std::ops::Range<usize> {
        let first = self.first as usize;
        first..first + self.members.count_ones() as usize
    }
}

/// The parent of a cell; a cell without one is its own.
fn parent(cell: CellIndex) -> CellIndex {
    let above = cell.resolution().pred();
    above.and_then(|above| cell.parent(above)).unwrap_or(cell)
}

/// The bit of a cell among those of its parent; cells are in the order of their bits.
fn bit(cell: CellIndex) -> u8 {
    let digit = match cell.resolution() {
        Resolution::Zero => None,
        resolution => cell.direction_at(resolution),
    };
    1 << u8::from(digit.unwrap_or(Direction::Center))
}

/// The bits of all children of a cell: a pentagon has none in the second direction.
fn all_of(parent: CellIndex) -> u8 {
    if parent.is_pentagon() {
        0b111_1101
    } else {
        0b111_1111
    }
}
