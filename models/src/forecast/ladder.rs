use super::BASELINES;
use super::fitted::Past;
use super::study::Study;
use crate::score::{Ranked, bootstrap_interval};
use crate::units::{Seed, compact, real};

/// Years of past forecasts that a ladder looks back on, at most.
const BLOCKS: usize = 5;

/// One of the rates of the past, and what it was worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rung {
    /// Its name, of [`BASELINES`].
    pub name: &'static str,
    /// Average precision.
    pub average_precision: f64,
}

/// What past forecasts were worth beside what needs no model, on the last years (at most five) that were
/// forecast from models, weights and calibration of their own time.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// Every baseline, in the order of [`BASELINES`].
    pub rungs: Vec<Rung>,
    /// The best of them, by its place.
    pub best: usize,
    /// Average precision of the model.
    pub model: f64,
    /// What average precision comes to without skill: the share of cells and weeks with an event.
    pub base_rate: f64,
    /// Cells and weeks with an event.
    pub n_events: usize,
    /// 90 % interval of the model's lead over the best, over resampled origins; `None` where events are too few.
    pub lead: Option<(f64, f64)>,
}

impl Ladder {
    /// Whether the model did at least as well as the best baseline: else it is not shown by default.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.model >= self.rungs[self.best].average_precision
    }

    /// Whether the lead is more than chance would give.
    #[must_use]
    pub fn beats(&self) -> bool {
        self.lead.is_some_and(|(lo, _)| lo > 0.0)
    }

    /// Of the first `n` past forecasts.
    pub(super) fn of(
        study: &Study,
        past: &Past,
        n: usize,
        replicates: u32,
        seed: Seed,
    ) -> Option<Self> {
        let mut blocks = past.block[..n].to_vec();
        blocks.dedup();
        let from = blocks[blocks.len().saturating_sub(BLOCKS)..].to_vec();
        let (mut said, mut event) = (Vec::new(), Vec::new());
        let mut rates = vec![Vec::new(); BASELINES.len()];
        for day in from {
            let (pool, _) = past.pool(study, day);
            for k in (0..n).filter(|&k| past.block[k] == day) {
                let origin = past.origins[k];
                said.extend(past.pooled(&pool, k));
                event.extend(study.counts[origin].iter().map(|count| *count > 0.0));
                for (all, rate) in rates.iter_mut().zip(&study.at[origin].baselines) {
                    all.extend_from_slice(rate);
                }
            }
        }
        let n_events = event.iter().filter(|event| **event).count();
        let n_blocks = event.len() / study.n_cells.max(1);
        let once = vec![1.0; n_blocks];
        let block: Vec<u32> = (0..event.len())
            .map(|i| compact(i / study.n_cells))
            .collect();
        let ranked = |scores: &Vec<f64>| Ranked::new(scores, &event, &block).ok();
        let model = ranked(&said)?;
        let others: Vec<Ranked> = rates.iter().map(ranked).collect::<Option<_>>()?;
        let mut rungs = Vec::new();
        for (&name, other) in BASELINES.iter().zip(&others) {
            let average_precision = other.average_precision(&once)?;
            rungs.push(Rung {
                name,
                average_precision,
            });
        }
        let by_score = |a: &usize, b: &usize| {
            let of = |k: &usize| rungs[*k].average_precision;
            of(a).total_cmp(&of(b)).then(b.cmp(a))
        };
        let best = (0..rungs.len()).max_by(by_score)?;
        let lead = |drawn: &[usize]| {
            let mut times = vec![0.0; n_blocks];
            for &block in drawn {
                times[block] += 1.0;
            }
            Some(model.average_precision(&times)? - others[best].average_precision(&times)?)
        };
        Some(Self {
            best,
            model: model.average_precision(&once)?,
            base_rate: real(n_events) / real(event.len()),
            n_events,
            lead: bootstrap_interval(n_blocks, replicates, 0.9, seed, lead).ok()?,
            rungs,
        })
    }
}
