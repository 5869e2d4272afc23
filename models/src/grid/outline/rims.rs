use h3o::{CellIndex, DirectedEdgeIndex};

use super::levels::{Family, Level};
use crate::units::compact;

/// No cell of the set.
pub(super) const ABSENT: u32 = u32::MAX;

/// A cell of the set beside one that is not.
pub(super) struct Rim {
    cell: CellIndex,
    /// Where it stands in the set.
    pub(super) position: u32,
    /// Which cell of the set is beyond each side, counterclockwise.
    pub(super) near: [u32; 6],
    /// Number of sides.
    pub(super) sides: usize,
    /// One bit for each side that is part of the outline and was not followed yet.
    open: u8,
}

impl Rim {
    pub(super) fn is_open(&self, side: usize) -> bool {
        self.open >> side & 1 == 1
    }

    pub(super) fn close(&mut self, side: usize) {
        self.open &= !(1 << side);
    }

    pub(super) fn edge(&self, side: usize) -> Option<DirectedEdgeIndex> {
        self.cell.edges().nth(side)
    }
}

/// The cells along the outline of a set, and which cells are connected.
pub(super) struct Rims {
    /// In the order of the set.
    pub(super) list: Vec<Rim>,
    /// For each cell of the set its place in the list, or [`ABSENT`].
    pub(super) at: Vec<u32>,
    connected: Connected,
}

impl Rims {
    /// Cells in ascending order, each once.
    pub(super) fn of(cells: Vec<CellIndex>) -> Self {
        let mut rims = Self {
            list: Vec::new(),
            at: vec![ABSENT; cells.len()],
            connected: Connected::default(),
        };
        let levels = Level::all(cells);
        // Cells of a level are numbered after those of the levels below.
        let mut first = vec![0];
        first.extend(levels.iter().scan(0, |n, level| {
            *n += compact(level.cells.len());
            Some(*n)
        }));
        rims.connected.0 = (0..first[levels.len()]).collect();
        let mut within_above = Vec::new();
        for (depth, level) in levels.iter().enumerate().rev() {
            let numbers = (first[depth], first[depth + 1]);
            within_above = rims.descend(level, &within_above, numbers, depth == 0);
        }
        rims
    }

    /// Looks at the cells of a level but those within parents that nothing of the outline touches.
    /// Tells of each cell whether the outline does not touch it either.
    fn descend(
        &mut self,
        level: &Level,
        within_above: &[bool],
        (own, above): (u32, u32),
        is_last: bool,
    ) -> Vec<bool> {
        let mut within = vec![true; level.cells.len()];
        for family in &level.families {
            if family
                .above
                .is_some_and(|parent| within_above[parent as usize])
            {
                continue;
            }
            for at in family.members() {
                let (cell, position) = (level.cells[at], compact(at));
                let rim = rim(cell, position, (level, family));
                for &near in rim.near.iter().filter(|&&near| near != ABSENT) {
                    self.connected.join(own + position, own + near);
                }
                if let Some(parent) = family.above {
                    self.connected.join(own + position, above + parent);
                }
                within[at] = rim.open == 0;
                if is_last && rim.open != 0 {
                    self.at[at] = compact(self.list.len());
                    self.list.push(rim);
                }
            }
        }
        within
    }

    /// Number of numbers of [`Rims::component`].
    pub(super) fn n_nodes(&self) -> usize {
        self.connected.0.len()
    }

    /// Which component a cell of the list is in.
    pub(super) fn component(&mut self, rim: usize) -> usize {
        self.connected.root(self.list[rim].position) as usize
    }
}

fn rim(cell: CellIndex, position: u32, (level, family): (&Level, &Family)) -> Rim {
    let (mut near, mut sides, mut open) = ([ABSENT; 6], 0, 0);
    for edge in cell.edges() {
        match level.position(edge.destination(), family) {
            Some(beside) => near[sides] = beside,
            None => open |= 1 << sides,
        }
        sides += 1;
    }
    Rim {
        cell,
        position,
        near,
        sides,
        open,
    }
}

/// Numbers in sets that grow together.
#[derive(Default)]
struct Connected(Vec<u32>);

impl Connected {
    fn root(&mut self, number: u32) -> u32 {
        let mut at = number;
        while self.0[at as usize] != at {
            let above = self.0[at as usize];
            self.0[at as usize] = self.0[above as usize];
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
