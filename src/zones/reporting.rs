//! What is known of reporting in a zone, and what that says for or against it.

use arrow::array::Array;
use forewarn_models::risk::GammaPosterior;

use crate::base::code::{ReportingState, SilenceKind};
use crate::tables::{Doubt, Reason};

use super::Input;

/// Mean probability of a report over the incidents of a zone: cells weighted by how much is likely to happen
/// in them. None where it is unknown for half of that or more.
pub(super) fn of_zone(
    input: &Input<'_>,
    posteriors: &[GammaPosterior],
    members: &[usize],
) -> (ReportingState, Option<Doubt>) {
    let detection = &input.reporting.detection;
    let areas = input.study_area.grid.area_km2();
    let (mut known, mut all) = (0.0, 0.0);
    let mut sums = [0.0; 3];
    let mut state = ReportingState::Unknown;
    for &i in members {
        let weight = posteriors[i].mean() * areas[i];
        all += weight;
        if detection.q().is_null(i) {
            continue;
        }
        known += weight;
        state = ReportingState::from_code(detection.state().value(i)).unwrap_or(state);
        let bounds = [detection.q_lo(), detection.q(), detection.q_hi()];
        for (sum, q) in sums.iter_mut().zip(bounds) {
            *sum += weight * q.value(i);
        }
    }
    if known <= all / 2.0 {
        return (ReportingState::Unknown, None);
    }
    let [lo, mean, hi] = sums.map(|sum| sum / known);
    (state, Some(Doubt { mean, lo, hi }))
}

/// Silence in a zone and rises that reporting explains, as codes with figures.
pub(super) fn evidence(input: &Input<'_>, members: &[usize]) -> (Vec<Reason>, Vec<Reason>) {
    let cells: Vec<_> = members
        .iter()
        .map(|&i| input.study_area.grid.cells()[i])
        .collect();
    let silences = &input.reporting.silences;
    let ids: Vec<u64> = cells.iter().map(|&cell| cell.into()).collect();
    let rows = (0..silences.len()).filter(|&row| ids.contains(&silences.cell().value(row)));
    let silent: Vec<SilenceKind> = rows
        .filter_map(|row| SilenceKind::from_code(silences.kind().value(row)))
        .collect();
    let (mut reasons, mut against) = (Vec::new(), Vec::new());
    if let Some(kind) = silent.iter().min() {
        let n = silent.len();
        reasons.push(Reason {
            code: "SILENCE",
            text: format!(
                "{n} of {} cells silent ({}): unknown, not safe",
                cells.len(),
                kind.name()
            ),
        });
    }
    let here = input.reporting.effects.iter();
    let here: Vec<_> = here.filter(|effect| cells.contains(&effect.cell)).collect();
    let expected = here.iter().filter(|effect| effect.is_expected);
    // One is enough to be told: that of the strongest effect.
    let strongest = expected.max_by(|a, b| a.ratio.mean.total_cmp(&b.ratio.mean));
    if let Some(effect) = strongest.filter(|_| here.iter().all(|effect| !effect.is_beyond)) {
        let Doubt { mean, lo, hi } = effect.ratio;
        against.push(Reason {
            code: "EXPECTED_REPORTING_EFFECT",
            text: format!(
                "after {} reports are expected to be {mean:.1} ({lo:.1}-{hi:.1}) times as many though nothing \
                 more happens: trust gained rather than a new hot spot",
                effect.what
            ),
        });
    }
    (reasons, against)
}
