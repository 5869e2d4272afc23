/// Cases in the order of their scores, to score many resamples of their blocks.
pub(super) struct Sorted {
    /// Block of the case, whether it had an event, whether the next has the same score.
    cases: Vec<(u32, bool, bool)>,
}

impl Sorted {
    /// `scores` and `event` hold blocks of `n_cells` one after the other.
    pub(super) fn of(scores: &[f64], event: &[bool], n_cells: usize) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let case = |(rank, &i): (usize, &usize)| {
            let next = order.get(rank + 1);
            let tied = next.is_some_and(|&next| scores[next] >= scores[i]);
            (crate::units::compact(i / n_cells), event[i], tied)
        };
        Self {
            cases: order.iter().enumerate().map(case).collect(),
        }
    }

    /// Average precision where block `b` is there `times[b]` times; as
    /// [`average_precision`](crate::score::average_precision) otherwise.
    pub(super) fn average_precision(&self, times: &[f64]) -> Option<f64> {
        let (mut hits, mut flagged, mut sum, mut group) = (0.0, 0.0, 0.0, 0.0);
        for &(block, event, tied) in &self.cases {
            let weight = times[block as usize];
            flagged += weight;
            if event {
                group += weight;
            }
            if !tied && group > 0.0 {
                hits += group;
                sum += group * hits / flagged;
                group = 0.0;
            }
        }
        (hits > 0.0).then(|| sum / hits)
    }
}
