//! Steps of the year, planned back from the first day that a season is expected to have.

use crate::base::code::Milestone;
use crate::base::day::Day;
use crate::tables::{MilestoneRow, SeasonPhase};

use super::Input;
use super::card::Card;

/// What moves herds.
const HERDS: &str = "herds";

/// The steps of every season of herds on the night's day: of a corridor where it has its own.
pub(super) fn milestones(input: &Input<'_>, card: &Card) -> Vec<MilestoneRow> {
    let herds = |season: &&SeasonPhase| season.driver == HERDS;
    let seasons: Vec<&SeasonPhase> = input.phases.on(input.context.as_of).filter(herds).collect();
    // A year's herds go out and come back: the season that comes first in it is the entry.
    let of_mission = |season: &&&SeasonPhase| season.corridor.is_none();
    let Some(entry) = seasons
        .iter()
        .filter(of_mission)
        .min_by_key(|one| from_august(one))
    else {
        return Vec::new();
    };
    let entry = entry.season.clone();
    let (entries, returns): (Vec<&SeasonPhase>, Vec<&SeasonPhase>) =
        seasons.iter().partition(|season| season.season == entry);
    let mut rows = Vec::new();
    for season in entries {
        let onset = season.onset_day;
        let [first, last] = card
            .milestones
            .leaders_weeks_before
            .map(|weeks| Day(onset.0 - 7 * weeks));
        rows.push(row(
            input,
            season,
            Milestone::LeadersDialogue,
            [first, last],
        ));
        let end = season_end(season, &returns);
        let middle = onset.0 + (end.0 - onset.0) / 2;
        let half = card.milestones.review_days / 2;
        let days = [Day(middle - half), Day(middle + half)];
        rows.push(row(input, season, Milestone::MidSeasonReview, days));
    }
    for season in returns {
        let onset = season.onset_day;
        let days = [
            Day(onset.0 - card.milestones.return_days_before),
            Day(onset.0 - 1),
        ];
        rows.push(row(input, season, Milestone::ReturnSession, days));
    }
    rows.sort_by_key(|row| (row.days, row.season.clone(), row.corridor.clone()));
    rows
}

/// Where its usual first day lies in a year that begins in August: transhumance runs from the end of one rain to
/// the next.
fn from_august(season: &SeasonPhase) -> u8 {
    (season.usual_day.month_day().0 + 4) % 12
}

/// Last day of the season that herds return in, the first that follows the entry; else the entry's own.
fn season_end(entry: &SeasonPhase, returns: &[&SeasonPhase]) -> Day {
    let follows = |season: &&&SeasonPhase| season.onset_day > entry.onset_day;
    let of = |corridor: Option<&str>| {
        let own = returns.iter().filter(follows);
        own.filter(|season| season.corridor.as_deref() == corridor)
            .min_by_key(|season| season.onset_day)
    };
    let back = of(entry.corridor.as_deref()).or_else(|| of(None));
    let last = back.map_or(entry, |season| season);
    Day(last.onset_day.0 + i32::from(last.length_days))
}

fn row(
    input: &Input<'_>,
    season: &SeasonPhase,
    milestone: Milestone,
    days: [Day; 2],
) -> MilestoneRow {
    let as_of = input.context.as_of;
    let state = if as_of > days[1] {
        "passed"
    } else if as_of >= days[0] {
        "due"
    } else {
        "ahead"
    };
    let [en, fr] = match milestone {
        Milestone::LeadersDialogue => ["dialogue of leaders", "dialogue des responsables"],
        Milestone::MidSeasonReview => ["mid-season review", "revue de mi-saison"],
        Milestone::ReturnSession => ["session before the return", "séance avant le retour"],
    };
    let onset = [season.onset_lo, season.onset_day, season.onset_hi];
    let [first, last] = days;
    let [lo, day, hi] = onset;
    let name = &season.season;
    let on = season.corridor.as_deref();
    let (on_en, on_fr) = on.map_or_else(Default::default, |on| {
        (format!(" on {on}"), format!(" sur {on}"))
    });
    MilestoneRow {
        milestone,
        season: name.clone(),
        corridor: season.corridor.clone(),
        days,
        onset,
        state,
        words: [
            format!(
                "{en}: {first} to {last}; {name}{on_en} expected or seen about {day} ({lo} to {hi})"
            ),
            format!(
                "{fr} : du {first} au {last} ; {name}{on_fr} attendu ou vu vers le {day} ({lo} à {hi})"
            ),
        ],
    }
}
