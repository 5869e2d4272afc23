//! From the cells of a sheet to named columns and rows.
//!
//! The header is the first row that is more than half as wide as the widest of the first rows and
//! mostly words: titles and notes above a table fill a cell or two. Where cells of the header are
//! merged, which column a name belongs to is a guess, so the file is refused until the mission
//! says which row holds the names.

use std::io::Write;

use calamine::Dimensions;

use super::{Heading, Order, Stop, Wanted, frames, refuse};

/// Rows among which the header is looked for.
const LOOKED_AT: usize = 50;

/// One cell with something in it.
struct Cell {
    column: usize,
    text: String,
    is_word: bool,
}

struct SheetRow {
    /// Counted from 0.
    at: u32,
    cells: Vec<Cell>,
}

impl SheetRow {
    fn cell(&self, column: usize) -> &str {
        let found = self.cells.binary_search_by_key(&column, |cell| cell.column);
        found.map_or("", |at| self.cells[at].text.as_str())
    }

    fn words(&self) -> usize {
        self.cells.iter().filter(|cell| cell.is_word).count()
    }

    /// Whether this is a row of HXL tags.
    fn is_tags(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.starts_with('#'))
    }
}

/// One sheet on its way out.
pub(super) struct Sheet<'a> {
    order: &'a Order,
    merged: Vec<Dimensions>,
    out: &'a mut dyn Write,
    /// The row that is being filled.
    row: Option<SheetRow>,
    /// Rows before the header is known.
    first: Vec<SheetRow>,
    /// Width of the header, once it is known.
    width: Option<usize>,
    has_rows: bool,
    cells: u32,
    written: u64,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(order: &'a Order, merged: Vec<Dimensions>, out: &'a mut dyn Write) -> Self {
        Self {
            order,
            merged,
            out,
            row: None,
            first: Vec::new(),
            width: None,
            has_rows: false,
            cells: 0,
            written: 0,
        }
    }

    /// Takes the next cell that is not empty, in the order of the sheet.
    pub(super) fn cell(
        &mut self,
        (at, column): (u32, u32),
        text: String,
        is_word: bool,
    ) -> Result<(), Stop> {
        self.cells += 1;
        if self.cells > self.order.limits.workbook_cells {
            let most = self.order.limits.workbook_cells;
            return refuse(
                format!("a sheet of more than {most} cells"),
                "a smaller sheet, or a larger limits.workbook_cells",
            );
        }
        let column = column as usize;
        let last = self.row.as_ref().map(|row| row.at);
        if last != Some(at) {
            let done = self.row.replace(SheetRow {
                at,
                cells: Vec::new(),
            });
            if let Some(done) = done {
                self.row_done(done)?;
            }
        }
        let cells = self.row.as_mut().map(|row| &mut row.cells);
        let cells = cells.filter(|cells| cells.last().is_none_or(|cell| cell.column < column));
        match cells {
            Some(cells) if last.is_none_or(|last| last <= at) => cells.push(Cell {
                column,
                text,
                is_word,
            }),
            _ => return refuse("cells that do not follow each other", "a sheet as saved"),
        }
        Ok(())
    }

    /// Whether it has not a cell.
    pub(super) fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// Whether nothing more is wanted of it.
    pub(super) fn is_done(&self) -> bool {
        self.width.is_some() && matches!(self.order.wanted, Wanted::Heading)
    }

    /// Ends the sheet, and gives the number of rows written.
    pub(super) fn finish(mut self) -> Result<u64, Stop> {
        if let Some(row) = self.row.take() {
            self.row_done(row)?;
        }
        if self.width.is_none() {
            self.settle()?;
        }
        Ok(self.written)
    }

    fn row_done(&mut self, row: SheetRow) -> Result<(), Stop> {
        if self.width.is_some() {
            return self.write(&row);
        }
        self.first.push(row);
        if self.first.len() < LOOKED_AT {
            return Ok(());
        }
        self.settle()
    }

    /// Finds the header among the first rows, and writes what stands below it.
    fn settle(&mut self) -> Result<(), Stop> {
        let widest = self.first.iter().map(|row| row.cells.len()).max();
        let is_header = |row: &SheetRow| {
            let cells = row.cells.len();
            let looks = 2 * cells > widest.unwrap_or(0) && 2 * row.words() > cells;
            self.order
                .header_row
                .map_or(looks, |told| row.at + 1 == told)
        };
        let found = self.first.iter().position(is_header);
        let Some(found) = found else {
            return refuse(
                "no row of column names",
                "one of the first rows, or source.header_row with its number",
            );
        };
        let mut rows = std::mem::take(&mut self.first).into_iter().skip(found);
        if let Some(header) = rows.next() {
            self.refuse_merged(header.at)?;
            self.write_header(&header)?;
        }
        rows.try_for_each(|row| self.write(&row))
    }

    fn refuse_merged(&self, at: u32) -> Result<(), Stop> {
        let within = |range: &&Dimensions| (range.start.0..=range.end.0).contains(&at);
        let merged = self.merged.iter().find(within);
        match merged.filter(|_| self.order.header_row.is_none()) {
            None => Ok(()),
            Some(range) => {
                let (from, to) = (name_of_cell(range.start), name_of_cell(range.end));
                refuse(
                    format!("merged cells {from}:{to} in the row of column names"),
                    "cells that are not merged, or source.header_row with the row of the names",
                )
            }
        }
    }

    fn write_header(&mut self, header: &SheetRow) -> Result<(), Stop> {
        let width = header.cells.last().map_or(0, |cell| cell.column + 1);
        let name = |column| {
            let words: Vec<&str> = header.cell(column).split_whitespace().collect();
            words.join(" ")
        };
        let heading = Heading {
            names: (0..width).map(name).collect(),
            ..Heading::default()
        };
        self.width = Some(width);
        Ok(frames::header(self.out, &heading)?)
    }

    /// Writes the cells asked for; what stands beside the named columns is no row.
    fn write(&mut self, row: &SheetRow) -> Result<(), Stop> {
        let width = self.width.unwrap_or(0);
        let Wanted::Rows(asked) = &self.order.wanted else {
            return Ok(());
        };
        if row.cells.first().is_none_or(|cell| cell.column >= width) {
            return Ok(());
        }
        let is_first = !std::mem::replace(&mut self.has_rows, true);
        if is_first && row.is_tags() {
            return Ok(());
        }
        let cells: Vec<&str> = asked.iter().map(|&column| row.cell(column)).collect();
        frames::row(self.out, u64::from(row.at) + 1, &cells)?;
        self.written += 1;
        Ok(())
    }
}

/// A cell as a spreadsheet names it.
fn name_of_cell((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", u64::from(row) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_in_a_spreadsheet() {
        for (at, name) in [
            ((0, 0), "A1"),
            ((8, 25), "Z9"),
            ((0, 26), "AA1"),
            ((1, 701), "ZZ2"),
            ((1_048_575, 16_383), "XFD1048576"),
        ] {
            assert_eq!(name_of_cell(at), name);
        }
    }
}
