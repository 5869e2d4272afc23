//! How many rows of each source that speaks of areas find theirs among the boundaries.

use std::collections::BTreeMap;

use arrow::array::Array;

use crate::index::AreaIndex;
use crate::tables::{Displacement, FoodSecurity, Population, Rain};

use super::{Finding, Level};

/// Below this share of matches the boundaries, or the source, are likely of another edition.
const ENOUGH_PERCENT: u64 = 90;

/// Rows of one source, by whether their area is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Count {
    source: String,
    by: &'static str,
    matched: u64,
    rows: u64,
    elsewhere: u64,
}

/// Counts the rows of every source in the tables of areas. Rows that say themselves that they are of
/// another country are no mismatch.
pub(super) fn counts(
    areas: &AreaIndex<'_>,
    displacement: &Displacement,
    population: &Population,
    food_security: &FoodSecurity,
    rain: &Rain,
) -> Vec<Count> {
    let mut counts = Counts::default();
    let displaced = displacement.source().iter().zip(displacement.pcode());
    let people = population.source().iter().zip(population.pcode());
    let rain = rain.source().iter().zip(rain.pcode());
    for (source, pcode) in displaced.chain(people).chain(rain) {
        // Rain of a cell has no P-code and needs none.
        let (Some(source), Some(pcode)) = (source, pcode) else {
            continue;
        };
        let found = if areas.of_pcode(pcode).is_some() {
            Found::Area
        } else if areas.is_of_country(pcode) {
            Found::Nothing
        } else {
            Found::Elsewhere
        };
        counts.add(source, "a P-code", found);
    }
    for i in 0..food_security.len() {
        let level1 = food_security.level1_name();
        let level1 = level1.is_valid(i).then(|| level1.value(i));
        let (iso3, name) = (
            food_security.iso3().value(i),
            food_security.area_name().value(i),
        );
        let found = if areas.of_name(iso3, level1, name).is_some() {
            Found::Area
        } else if areas.is_of_country(iso3) {
            Found::Nothing
        } else {
            Found::Elsewhere
        };
        counts.add(
            food_security.source().value(i),
            "the name of an area",
            found,
        );
    }
    counts.0.into_values().collect()
}

#[derive(Clone, Copy)]
enum Found {
    Area,
    Nothing,
    Elsewhere,
}

#[derive(Default)]
struct Counts(BTreeMap<String, Count>);

impl Counts {
    fn add(&mut self, source: &str, by: &'static str, found: Found) {
        let count = self.0.entry(source.to_owned()).or_insert_with(|| Count {
            source: source.to_owned(),
            by,
            matched: 0,
            rows: 0,
            elsewhere: 0,
        });
        match found {
            Found::Area => {
                count.matched += 1;
                count.rows += 1;
            }
            Found::Nothing => count.rows += 1,
            Found::Elsewhere => count.elsewhere += 1,
        }
    }
}

pub(super) fn finding(count: &Count) -> Finding {
    let Count {
        source,
        by,
        matched,
        rows,
        elsewhere,
    } = count;
    let others = match elsewhere {
        0 => String::new(),
        n => format!("; {} of other countries", grouped(*n)),
    };
    if *rows == 0 {
        let what = format!("{source}: no row is of the mission's country{others}");
        return Finding::new(Level::Warning, what, "is it the right file?");
    }
    // Rounded down: all but one of a thousand is not all.
    let percent = 100 * matched / rows;
    let what = format!(
        "{source}: {percent} % of {} rows match {by} of the boundaries{others}",
        grouped(*rows)
    );
    if percent >= ENOUGH_PERCENT {
        Finding::new(Level::Ok, what, "")
    } else {
        let fix = "add boundaries of the levels that it names, or of its edition";
        Finding::new(Level::Warning, what, fix)
    }
}

/// A number with commas between thousands.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;
    use crate::base::code::DisplacementReason;
    use crate::base::day::Day;
    use crate::tables::{
        Area, Boundaries, Displaced, DisplacementBuilder, FoodSecurityBuilder, Level as AreaLevel,
        PopulationBuilder, RainBuilder,
    };

    fn displacement(pcodes: &[&str]) -> Displacement {
        let mut builder = DisplacementBuilder::default();
        for pcode in pcodes {
            builder.push(Displaced {
                source: "iom_dtm",
                operation: None,
                level: 1,
                pcode,
                first_day: Day(0),
                last_day: Day(0),
                round: None,
                persons: 1,
                males: None,
                females: None,
                origin_pcode: None,
                reason: DisplacementReason::Unknown.code(),
            });
        }
        builder.finish()
    }

    fn told(pcodes: &[&str]) -> Vec<(Level, String)> {
        let shape = polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)];
        let boundaries = Boundaries::new(vec![Area {
            level: AreaLevel(1),
            pcode: "XX1".to_owned(),
            name: "SYNTHETIC".to_owned(),
            iso3: None,
            shape: shape.into(),
        }]);
        let counts = counts(
            &AreaIndex::new(&boundaries),
            &displacement(pcodes),
            &PopulationBuilder::default().finish(),
            &FoodSecurityBuilder::default().finish(),
            &RainBuilder::default().finish(),
        );
        let findings = counts.iter().map(finding);
        findings
            .map(|finding| (finding.level, finding.what))
            .collect()
    }

    #[test]
    fn the_share_of_rows_that_match_is_told_and_other_countries_are_no_mismatch() {
        let mut pcodes = vec!["XX1"; 1239];
        pcodes.extend(["XX9", "YY1", "YY2"]);
        let due = "iom_dtm: 99 % of 1,240 rows match a P-code of the boundaries; \
                   2 of other countries";
        assert_eq!(told(&pcodes), [(Level::Ok, due.to_owned())]);
        let due = "iom_dtm: 50 % of 2 rows match a P-code of the boundaries";
        assert_eq!(told(&["XX1", "XX2"]), [(Level::Warning, due.to_owned())]);
        let due = "iom_dtm: no row is of the mission's country; 1 of other countries";
        assert_eq!(told(&["YY1"]), [(Level::Warning, due.to_owned())]);
        assert!(told(&[]).is_empty());
    }

    #[test]
    fn thousands_are_told_apart() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1240, "1,240"),
            (1_833_120, "1,833,120"),
        ] {
            assert_eq!(grouped(n), text);
        }
    }
}
