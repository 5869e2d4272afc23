//! The sum of every cell's indicators.

use forewarn_models::indicators::{Combined, Evidence, Panel, Role, combine};

use crate::base::code::IndicatorRole;
use crate::base::error::{Error, Result};
use crate::tables::{CellWarning, EarlyWarnings, EarlyWarningsBuilder, StudyArea};

use super::card::Card;
use super::places::Placed;

/// The sum of one cell.
#[derive(Debug, Clone)]
pub(super) struct CellSum {
    pub(super) log_odds: f64,
    pub(super) interval: [f64; 2],
    pub(super) band: [f64; 2],
    /// Indicators, those of reporting left out, that are known here.
    pub(super) n_known: u32,
    /// Positions on the card of those that call for a review alone.
    pub(super) reviews: Vec<usize>,
}

/// The sums of all cells, in order of cell.
#[derive(Debug)]
pub(super) struct Sums(pub(super) Vec<CellSum>);

impl Sums {
    pub(super) fn table(&self, study_area: &StudyArea) -> EarlyWarnings {
        let mut rows = EarlyWarningsBuilder::default();
        for (&cell, sum) in study_area.grid.cells().iter().zip(&self.0) {
            rows.push(CellWarning {
                cell: cell.into(),
                log_odds: sum.log_odds,
                lo: sum.interval[0],
                hi: sum.interval[1],
                band_lo: sum.band[0],
                band_hi: sum.band[1],
                n_known: sum.n_known,
                review: u8::from(!sum.reviews.is_empty()),
            });
        }
        rows.finish()
    }
}

/// Sums all cells.
pub(super) fn run(card: &Card, placed: &Placed, n_cells: usize) -> Result<Sums> {
    let themes = themes(card)?;
    let of = |cell: usize| {
        let evidence = evidence(card, placed, &themes, cell);
        let sums = |one: &&Evidence| one.role != Role::DetectionOnly;
        let known = evidence
            .iter()
            .filter(sums)
            .filter(|one| one.score.is_some());
        let n_known = u32::try_from(known.count()).unwrap_or(u32::MAX);
        let combined = combined(card, &evidence)?;
        Ok(CellSum {
            log_odds: combined.log_odds,
            interval: [combined.lo, combined.hi],
            band: [combined.band_lo, combined.band_hi],
            n_known,
            reviews: combined.reviews,
        })
    };
    (0..n_cells).map(of).collect::<Result<_>>().map(Sums)
}

/// What each indicator adds at one cell, in the order of the card.
pub(super) fn pushes(card: &Card, placed: &Placed, cell: usize) -> Result<Vec<f64>> {
    let evidence = evidence(card, placed, &themes(card)?, cell);
    Ok(combined(card, &evidence)?.pushes)
}

fn themes(card: &Card) -> Result<Vec<usize>> {
    card.entries.iter().map(|entry| card.theme(entry)).collect()
}

fn evidence(card: &Card, placed: &Placed, themes: &[usize], cell: usize) -> Vec<Evidence> {
    let of = |(i, (entry, &theme)): (usize, (&super::card::Entry, &usize))| {
        let known = placed.at(i, cell);
        let observed = known.filter(|known| !known.imputed);
        Evidence {
            theme,
            role: match entry.role {
                IndicatorRole::Raises => Role::Raises,
                IndicatorRole::Lowers => Role::Lowers,
                IndicatorRole::Detection => Role::DetectionOnly,
            },
            weight: entry.weight,
            score: observed.map(|known| known.score),
            usual: known.map_or(entry.usual, |known| known.usual),
            retained: observed.map_or(0.0, |known| placed.retained(entry, known)),
            alone: entry.alone,
        }
    };
    card.entries
        .iter()
        .zip(themes)
        .enumerate()
        .map(of)
        .collect()
}

fn combined(card: &Card, evidence: &[Evidence]) -> Result<Combined> {
    let caps: Vec<f64> = card.themes.iter().map(|theme| theme.cap).collect();
    let panel = Panel {
        caps: &caps,
        prior_variance: card.prior_variance,
        factors: card.sensitivity,
        alone_from: card.alone_from,
    };
    combine(evidence, &panel).map_err(Error::statistic("indicators"))
}
