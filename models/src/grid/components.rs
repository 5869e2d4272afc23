use super::Neighbours;
use crate::units::{LengthMismatch, compact, same_length};

/// The connected pieces of the kept cells.
///
/// Each kept cell is in exactly one piece. Cells ascend within a piece; pieces ascend by their
/// lowest cell.
///
/// # Errors
/// `keep` does not have one entry per cell.
pub fn components(neighbours: &Neighbours, keep: &[bool]) -> Result<Vec<Vec<u32>>, LengthMismatch> {
    same_length(neighbours.n_cells(), keep.len())?;
    let mut waiting = keep.to_vec();
    let mut pieces = Vec::new();
    for start in 0..keep.len() {
        if !std::mem::take(&mut waiting[start]) {
            continue;
        }
        let mut piece = vec![compact(start)];
        let mut reached = 0;
        while let Some(&cell) = piece.get(reached) {
            reached += 1;
            for &other in neighbours.of(cell as usize) {
                if std::mem::take(&mut waiting[other as usize]) {
                    piece.push(other);
                }
            }
        }
        piece.sort_unstable();
        pieces.push(piece);
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::line;

    #[test]
    fn a_gap_parts_a_line() {
        let keep = [true, true, false, true, false, true, true];
        assert_eq!(
            components(&line(7), &keep),
            Ok(vec![vec![0, 1], vec![3], vec![5, 6]])
        );
        assert_eq!(
            components(&line(2), &keep),
            Err(LengthMismatch { needed: 2, got: 7 })
        );
    }
}
