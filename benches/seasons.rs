//! Which areas have a season that forecasts: seasons of one to three waves against a flat year, each year
//! forecast from those before it. Reads months from standard input, as `seasons.py` writes them: one line
//! per area and month with area, name, km2, year, calendar month, month of the season that the rain
//! begins (both from 0), and incidents, parted by tabs, months of an area in order.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "figures are what it is for"
)]

use std::io::Read;

use forewarn_models::score::bootstrap_interval;
use forewarn_models::season::{PhaseBins, SeasonGroup, choose_season, forecast_years};
use forewarn_models::units::Seed;

const FIRST_TEST_YEAR: usize = 2010;
const MOST_HARMONICS: usize = 3;
const REPLICATES: u32 = 10_000;

/// Months of one area.
#[derive(Default)]
struct Area {
    name: String,
    km2: f64,
    years: Vec<usize>,
    /// Calendar month, and month of the rains' season.
    months: [Vec<usize>; 2],
    counts: Vec<f64>,
}

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("text");
    let areas = read(&text);
    for (kind, name) in ["calendar", "rains"].iter().enumerate() {
        table(&areas, kind, name);
    }
}

fn read(text: &str) -> Vec<Area> {
    let mut areas: Vec<(String, Area)> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells[at].parse::<usize>().expect("a whole number");
        if areas.last().is_none_or(|(code, _)| code != cells[0]) {
            areas.push((cells[0].to_owned(), Area::default()));
        }
        let (_, area) = areas.last_mut().expect("just pushed");
        cells[1].clone_into(&mut area.name);
        area.km2 = cells[2].parse().expect("an area");
        area.years.push(number(3));
        area.months[0].push(number(4));
        area.months[1].push(number(5));
        area.counts.push(cells[6].parse().expect("a count"));
    }
    areas.into_iter().map(|(_, area)| area).collect()
}

/// Nats gained over a flat year by year and area, for one to three waves and for the night's rule.
fn gains(groups: &[SeasonGroup<'_>], years: &[usize]) -> Vec<Option<Vec<Vec<f64>>>> {
    let scores = |harmonics| forecast_years(groups, years, harmonics).expect("months in order");
    let flat = scores(0).expect("a flat year can be fitted");
    let mut all: Vec<_> = (1..=MOST_HARMONICS)
        .map(|harmonics| scores(harmonics).map(|with| less(&with, &flat)))
        .collect();
    let first = years[0];
    let by_rule = (0..flat.len()).map(|at| {
        let before = years.partition_point(|&year| year < first + 2 + at);
        let past: Vec<_> = groups
            .iter()
            .map(|group| SeasonGroup {
                counts: &group.counts[..before],
                exposure: &group.exposure[..before],
                phases: group.phases,
            })
            .collect();
        let chosen = choose_season(&past, &years[..before], MOST_HARMONICS);
        let waves = chosen.map_or(0, |chosen| chosen.fit.harmonics);
        let with = waves.checked_sub(1).and_then(|k| all[k].as_ref());
        with.map_or_else(|| vec![0.0; groups.len()], |with| with[at].clone())
    });
    let by_rule = by_rule.collect();
    all.push(Some(by_rule));
    all
}

fn less(with: &[Vec<f64>], flat: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let years = with.iter().zip(flat);
    years
        .map(|(with, flat)| with.iter().zip(flat).map(|(a, b)| a - b).collect())
        .collect()
}

fn table(areas: &[Area], kind: usize, name: &str) {
    let years = &areas[0].years;
    let exposure: Vec<Vec<f64>> = areas.iter().map(|a| vec![a.km2; years.len()]).collect();
    let phases: Vec<PhaseBins> = areas
        .iter()
        .map(|area| PhaseBins::certain(12, &area.months[kind]).expect("months of a year"))
        .collect();
    let groups: Vec<SeasonGroup<'_>> = areas
        .iter()
        .zip(exposure.iter().zip(&phases))
        .map(|(area, (exposure, phases))| SeasonGroup {
            counts: &area.counts,
            exposure,
            phases,
        })
        .collect();
    let gains = gains(&groups, years);
    let skip = FIRST_TEST_YEAR.saturating_sub(years[0] + 2);
    let last = years.last().copied().unwrap_or(0);
    let first = FIRST_TEST_YEAR.max(years[0] + 2);
    println!("\n{name}, {first} to {last}\n");
    println!("| area | incidents | one wave | two waves | three waves | night's rule |");
    println!("|---|---|---|---|---|---|");
    let from = years.partition_point(|&year| year < first);
    let mut total = 0.0;
    for (at, area) in areas.iter().enumerate() {
        let events: f64 = area.counts[from..].iter().sum();
        total += events;
        let cells = gains
            .iter()
            .map(|of_years| cell(of_years.as_deref(), skip, |year| year[at]));
        row(&area.name, events, cells);
    }
    let cells = gains
        .iter()
        .map(|of_years| cell(of_years.as_deref(), skip, |year| year.iter().sum()));
    row("all", total, cells);
}

fn row(name: &str, events: f64, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    println!("| {name} | {events:.0} | {} |", cells.join(" | "));
}

/// Nats over all test years, with its interval over years drawn anew; bold where it is clear of 0.
fn cell(gains: Option<&[Vec<f64>]>, skip: usize, of_year: impl Fn(&Vec<f64>) -> f64) -> String {
    let Some(gains) = gains else {
        return "no fit".to_owned();
    };
    let years: Vec<f64> = gains[skip..].iter().map(of_year).collect();
    let sum: f64 = years.iter().sum();
    let interval = bootstrap_interval(years.len(), REPLICATES, 0.95, Seed(1), |drawn| {
        Some(drawn.iter().map(|&year| years[year]).sum())
    });
    let Ok(Some((low, high))) = interval else {
        return format!("{sum:.1}");
    };
    let told = format!("{sum:.1} ({low:.1} to {high:.1})");
    if low > 0.0 || high < 0.0 {
        format!("**{told}**")
    } else {
        told
    }
}
