//! Which files make one mission: one country's, and of two versions of the same rows the newer.

use std::collections::BTreeMap;

use crate::base::error::{Error, Result};
use crate::tables::{Boundaries, Holding};

use super::survey::Held;

/// Of a hundred rows of a file so many in another one make it an older version of that one.
const SAME_OF_100: usize = 90;

/// A file left aside, with the reason.
pub(super) struct LeftAside {
    pub(super) held: Held,
    pub(super) reason: String,
}

/// The country asked for, or else the one that most boundaries are of.
pub(super) fn country(asked: Option<&str>, boundaries: &[Held]) -> Result<String> {
    let mut files: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for held in boundaries {
        let countries = held.countries();
        for &country in &countries {
            let seen = files.entry(country).or_default();
            // A file of the whole continent says less about where the mission is than one of a country.
            if countries.len() == 1 {
                seen.0 += 1;
            }
            seen.1 += 1;
        }
    }
    if let Some(asked) = asked.filter(|asked| !files.contains_key(asked)) {
        let known: Vec<&str> = files.into_keys().collect();
        return Err(Error::Usage {
            what: format!("no file has boundaries of {asked}"),
            expected: format!("name some, or one of {}", known.join(", ")),
        });
    }
    let most = files
        .iter()
        .max_by_key(|(country, seen)| (**seen, std::cmp::Reverse(**country)));
    let country = asked.or(most.map(|(country, _)| *country));
    country.map(str::to_owned).ok_or_else(|| Error::Usage {
        what: "no file tells which country the mission is in".to_owned(),
        expected: "name a boundaries file with P-codes among --from".to_owned(),
    })
}

/// Boundaries of the country, those of no other; of several countries only where there is nothing better.
pub(super) fn of_country(
    country: &str,
    boundaries: Vec<Held>,
    aside: &mut Vec<LeftAside>,
) -> Vec<Held> {
    let only = |held: &Held| held.countries().into_iter().eq([country]);
    let has_own = boundaries.iter().any(only);
    let mut chosen = Vec::new();
    for held in boundaries {
        let countries = held.countries();
        let reason = match countries.len() {
            0 => None,
            1 if only(&held) => None,
            1 => Some(format!(
                "boundaries of {}",
                countries.iter().copied().collect::<String>()
            )),
            _ if has_own || !countries.contains(country) => {
                Some(format!("boundaries of {} countries", countries.len()))
            }
            _ => None,
        };
        match reason {
            None => chosen.push(held),
            Some(reason) => aside.push(LeftAside { held, reason }),
        }
    }
    chosen
}

/// Files with any row in the country, or with rows that do not say where they are.
pub(super) fn in_country(
    country: &str,
    boundaries: &Boundaries,
    files: Vec<Held>,
    aside: &mut Vec<LeftAside>,
) -> Vec<Held> {
    let holding = Holding::new(boundaries);
    let Some(level) = boundaries.coarsest() else {
        return files;
    };
    let mut chosen = Vec::new();
    for held in files {
        let points = held.points();
        if points.is_empty()
            || points
                .iter()
                .any(|&point| holding.of(point, level).is_some())
        {
            chosen.push(held);
        } else {
            let reason = format!("none of its rows lies in {country}");
            aside.push(LeftAside { held, reason });
        }
    }
    chosen
}

/// Of files of one source whose rows are the same the newest; a second reading would count them twice.
pub(super) fn newest(files: Vec<Held>, aside: &mut Vec<LeftAside>) -> Vec<Held> {
    let keys: Vec<_> = files.iter().map(Held::keys).collect();
    let rank = |i: usize| (files[i].newest(), keys[i].len(), std::cmp::Reverse(i));
    let replaced = |i: usize| {
        let newer = (0..files.len()).filter(|&j| {
            files[j].file.settings.kind == files[i].file.settings.kind && rank(j) > rank(i)
        });
        let mut versions = newer.filter_map(|j| {
            let same = keys[i].intersection(&keys[j]).count();
            let is_version = !keys[i].is_empty() && 100 * same >= SAME_OF_100 * keys[i].len();
            (is_version || files[i].digest == files[j].digest).then_some((j, same))
        });
        let (j, same) = versions.next()?;
        let (all, newer) = (keys[i].len(), &files[j].file.shown);
        Some(format!(
            "{same} of its {all} records are in {newer} too, which is the newer or fuller one"
        ))
    };
    let reasons: Vec<Option<String>> = (0..files.len()).map(replaced).collect();
    let mut chosen = Vec::new();
    for (held, reason) in files.into_iter().zip(reasons) {
        match reason {
            None => chosen.push(held),
            Some(reason) => aside.push(LeftAside { held, reason }),
        }
    }
    chosen
}
