//! Which ground is told of already, so that nobody is counted twice.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use h3o::CellIndex;

use super::{Told, What};

/// The ground that standing figures tell of.
#[derive(Default)]
pub(super) struct Ground {
    areas: BTreeSet<usize>,
    cells: BTreeSet<CellIndex>,
    /// People told within areas, by the areas that hold them.
    within: BTreeMap<usize, i64>,
}

impl Ground {
    /// What of a figure can stand: all of it where nothing of its ground is told. Of population told in
    /// part by finer areas the rest: in the cells that none of them has, or where there is none, as
    /// the people of the finer areas live.
    pub(super) fn left_to<'a>(
        &self,
        mut one: Told<'a>,
        holders: &[usize],
        what: What,
    ) -> Option<Told<'a>> {
        let is_told = |area: &usize| self.areas.contains(area);
        if is_told(&one.area) || holders.iter().any(is_told) {
            return None;
        }
        let Some(&within) = self.within.get(&one.area) else {
            return Some(one);
        };
        one.persons -= within;
        if what == What::Displaced || one.persons <= 0 {
            return None;
        }
        let mut left = one.cells.to_vec();
        left.retain(|cell| !self.cells.contains(cell));
        if !left.is_empty() {
            one.cells = Cow::Owned(left);
        }
        Some(one)
    }

    pub(super) fn take(&mut self, one: &Told<'_>, holders: &[usize]) {
        self.areas.insert(one.area);
        self.cells.extend(one.cells.iter().copied());
        for &holder in holders {
            *self.within.entry(holder).or_default() += one.persons;
        }
    }
}
