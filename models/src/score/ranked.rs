use super::ScoreError;
use crate::units::{compact, same_length};

/// Cases in the order of their scores, sorted once to score many resamples of their blocks.
///
/// Every measure takes `times`: how often each block is there. With 1 for all of them it is
/// [`average_precision`](super::average_precision) or [`auroc`](super::auroc) of the cases.
#[derive(Debug, Clone)]
pub struct Ranked {
    /// Block of the case, whether it had an event, whether the next has the same score; highest first.
    cases: Vec<(u32, bool, bool)>,
}

impl Ranked {
    /// `block` numbers the block of each case: its period, or its area.
    ///
    /// # Errors
    /// Lengths differ, or a score is not finite.
    pub fn new(score: &[f64], event: &[bool], block: &[u32]) -> Result<Self, ScoreError> {
        same_length(score.len(), event.len())?;
        same_length(score.len(), block.len())?;
        if let Some(index) = score.iter().position(|score| !score.is_finite()) {
            return Err(ScoreError::NotFinite { index });
        }
        let mut order: Vec<u32> = (0..compact(score.len())).collect();
        order.sort_unstable_by(|&a, &b| {
            let (x, y) = (score[a as usize], score[b as usize]);
            y.total_cmp(&x).then(a.cmp(&b))
        });
        let case = |(rank, &i): (usize, &u32)| {
            let i = i as usize;
            let next = order.get(rank + 1);
            let tied = next.is_some_and(|&next| score[next as usize] >= score[i]);
            (block[i], event[i], tied)
        };
        let cases = order.iter().enumerate().map(case).collect();
        Ok(Self { cases })
    }

    /// Average precision of the resample; `None` where it holds no event.
    #[must_use]
    pub fn average_precision(&self, times: &[f64]) -> Option<f64> {
        let (mut hits, mut flagged, mut sum) = (0.0, 0.0, 0.0);
        self.groups(times, |events, rest| {
            hits += events;
            flagged += events + rest;
            if events > 0.0 {
                sum += events * hits / flagged;
            }
        });
        (hits > 0.0).then(|| sum / hits)
    }

    /// Area under the receiver operating characteristic of the resample; `None` where it holds no
    /// event, or nothing but events.
    #[must_use]
    pub fn auroc(&self, times: &[f64]) -> Option<f64> {
        let (mut above, mut won, mut others) = (0.0, 0.0, 0.0);
        self.groups(times, |events, rest| {
            won += rest * (above + 0.5 * events);
            above += events;
            others += rest;
        });
        (above > 0.0 && others > 0.0).then(|| won / (above * others))
    }

    /// Events and others of each score, the highest first.
    fn groups(&self, times: &[f64], mut each: impl FnMut(f64, f64)) {
        let (mut events, mut rest) = (0.0, 0.0);
        for &(block, event, tied) in &self.cases {
            let weight = times[block as usize];
            if event {
                events += weight;
            } else {
                rest += weight;
            }
            if !tied {
                each(events, rest);
                (events, rest) = (0.0, 0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{auroc, average_precision};

    #[test]
    fn a_resample_scores_as_its_cases_written_out() {
        let score = [0.8, 0.8, 0.6, 0.5, 0.3, 0.3, 0.2, 0.1];
        let event = [true, false, true, false, false, true, false, false];
        let block = [0, 0, 0, 1, 1, 1, 2, 2];
        let ranked = Ranked::new(&score, &event, &block).unwrap();
        for whole in [[1, 1, 1], [2, 0, 1], [0, 3, 1]] {
            let times = whole.map(f64::from);
            let (mut scores, mut events) = (Vec::new(), Vec::new());
            for (case, &block) in block.iter().enumerate() {
                for _ in 0..whole[block as usize] {
                    scores.push(score[case]);
                    events.push(event[case]);
                }
            }
            let close = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-12;
            let ap = average_precision(&scores, &events).unwrap();
            assert!(close(ranked.average_precision(&times), ap));
            let roc = auroc(&scores, &events).unwrap();
            assert!(close(ranked.auroc(&times), roc));
        }
        assert_eq!(ranked.average_precision(&[0.0, 0.0, 1.0]), None);
        assert_eq!(ranked.auroc(&[0.0, 0.0, 1.0]), None);
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let is_refused =
            |score: &[f64], block: &[u32]| Ranked::new(score, &[true, false], block).is_err();
        assert!(is_refused(&[0.1, f64::NAN], &[0, 0]));
        assert!(is_refused(&[0.1, 0.2], &[0]));
        assert!(!is_refused(&[0.1, 0.2], &[0, 0]));
    }
}
