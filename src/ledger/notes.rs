//! What a night must say of what came, changed and went; and when it must not be believed.

use crate::base::error::{Error, Result};

use super::loads::SourceNight;
use super::plan::Plan;

/// A source with fewer records than this may lose any share of them.
const FEW_RECORDS: u64 = 20;

/// Refuses a night on which a source loses more than a share of its records: a file cut short looks
/// like that.
pub(super) fn refuse(plan: &Plan, max_share: f64) -> Result<()> {
    for vintage in &plan.vintages {
        let (gone, live) = (vintage.withdrawn, vintage.live_before());
        #[allow(clippy::cast_precision_loss, reason = "a share")]
        let share = gone as f64 / live.max(1) as f64;
        if live >= FEW_RECORDS && share > max_share {
            let source = &vintage.source;
            return Err(Error::Gate {
                gates: vec![format!(
                    "{source}: {gone} of {live} records would be withdrawn, more than \
                     gates.max_withdrawn_share = {max_share}; restore its files, say complete = false \
                     where they hold additions only, or raise the limit for one night"
                )],
            });
        }
    }
    Ok(())
}

/// What a reader should know.
pub(super) fn notes(plan: &Plan, n_unknown: usize) -> Vec<String> {
    let mut notes = Vec::new();
    for vintage in plan.vintages.iter().filter(|vintage| vintage.withdrawn > 0) {
        let (source, n) = (&vintage.source, vintage.withdrawn);
        notes.push(format!("{source}: {n} record(s) withdrawn by their source"));
    }
    let counts = &plan.counts;
    if n_unknown > 0 {
        notes.push(format!("{n_unknown} deleted id(s) that no file ever held"));
    }
    let later = plan
        .nights
        .iter()
        .filter_map(SourceNight::overtaken_by)
        .max();
    let n = counts.changed_since + counts.known_later;
    if let (Some(later), 1..) = (later, n) {
        notes.push(format!(
            "a later night, {later}, has run: {n} record(s) that came or changed since are left out here"
        ));
    }
    if counts.repeated > 0 {
        let n = counts.repeated;
        notes.push(format!(
            "{n} row(s) told twice by their source: the newest file's is taken"
        ));
    }
    notes
}
