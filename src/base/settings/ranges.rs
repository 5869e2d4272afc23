//! What each setting may be.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use super::{Agreement, Known, Problem, Settings};

/// Encodings a source may be told to have. UTF-8 and marked UTF-16 need no telling.
const ENCODINGS: &[&str] = &[
    "latin-1",
    "windows-1252",
    "windows-1256",
    "utf-16le",
    "utf-16be",
];

/// Collects problems while settings are compared with their ranges.
struct Check {
    problems: Vec<Problem>,
}

impl Check {
    fn that(&mut self, good: bool, path: &str, found: impl fmt::Display, expected: &str) {
        if !good {
            self.problems.push(Problem {
                path: path.to_owned(),
                found: found.to_string(),
                expected: expected.to_owned(),
            });
        }
    }

    fn range<T>(&mut self, path: &str, value: T, range: RangeInclusive<T>)
    where
        T: PartialOrd + fmt::Display,
    {
        let expected = format!("{}..={}", range.start(), range.end());
        self.that(range.contains(&value), path, value, &expected);
    }
}

impl Settings {
    pub(super) fn problems(&self, known: &Known) -> Vec<Problem> {
        let mut check = Check {
            problems: Vec::new(),
        };
        let name = &self.mission.name;
        check.that(!name.trim().is_empty(), "mission.name", "empty", "a name");
        check.that(
            self.mission.country.len() == 3,
            "mission.country",
            &self.mission.country,
            "an ISO 3166-1 alpha-3 code",
        );
        check.range("area.resolution", self.area.resolution, 3..=7);
        check.range("area.index_resolution", self.area.index_resolution, 7..=9);
        check.range("window.detect_weeks", self.window.detect_weeks, 1..=52);
        check.range("window.history_years", self.window.history_years, 1..=30);
        check.range(
            "window.reporting_delay_days",
            self.window.reporting_delay_days,
            0..=400,
        );
        check.that(
            known.seasons.contains(&self.season.card.as_str()),
            "season.card",
            &self.season.card,
            &format!("one of {}", known.seasons.join(", ")),
        );
        check.problems.extend(self.season.problems());
        check.problems.extend(self.plan.problems());
        check.range("limits.row_kib", self.limits.row_kib, 1..=65_536);
        check.range("limits.row_lines", self.limits.row_lines, 1..=1_000_000);
        self.check_methods(&mut check);
        self.check_reporting(&mut check);
        self.check_outreach(&mut check);
        self.check_limits(&mut check);
        if let Some(found) = self.forecast.wrong_day() {
            check.that(false, "forecast.history_from", found, "YYYY-MM-DD");
        }
        self.check_sources(&mut check, known);
        check.problems
    }

    fn check_methods(&self, check: &mut Check) {
        check.that(
            !self.outcome.kinds.is_empty(),
            "outcome.kinds",
            "[]",
            "at least one kind",
        );
        check.range("detect.ring", self.detect.ring, 1..=5);
        check.range("detect.draws", self.detect.draws, 999..=10_000_000);
        check.range(
            "detect.false_discovery_rate",
            self.detect.false_discovery_rate,
            0.001..=0.5,
        );
        check.range("scan.rings", self.scan.rings, 1..=5);
        check.range("scan.replicates", self.scan.replicates, 0..=99_999);
        check.range(
            "scan.recurrence_days",
            self.scan.recurrence_days,
            20..=36_500,
        );
        check.that(
            self.scan.replicates == 0 || self.scan.recurrence_days <= self.scan.replicates + 1,
            "scan.replicates",
            self.scan.replicates,
            "0, or at least scan.recurrence_days - 1, or no p-value is small enough",
        );
        self.check_trend(check);
        self.check_findings(check);
        check.range(
            "zones.max_area_km2",
            self.zones.max_area_km2,
            1.0..=100_000.0,
        );
        check.range("zones.max_zones", self.zones.max_zones, 1..=200);
        check.range("zones.max_axis_km", self.zones.max_axis_km, 0.0..=300.0);
        check.range("zones.draws", self.zones.draws, 100..=20_000);
        self.check_placing(check);
        check.range(
            "gates.max_rejected_share",
            self.gates.max_rejected_share,
            0.0..=1.0,
        );
        check.range(
            "gates.max_withdrawn_share",
            self.gates.max_withdrawn_share,
            0.0..=1.0,
        );
        check.range(
            "gates.max_data_age_days",
            self.gates.max_data_age_days,
            1..=100_000,
        );
    }

    fn check_placing(&self, check: &mut Check) {
        let placing = &self.placing;
        check.that(
            placing.draws == 0 || (20..=2_000).contains(&placing.draws),
            "placing.draws",
            placing.draws,
            "0 or 20..=2000",
        );
        check.range("placing.dump_reports", placing.dump_reports, 0..=10_000);
        check.range(
            "placing.unnamed_reports",
            placing.unnamed_reports,
            0..=10_000,
        );
    }

    fn check_reporting(&self, check: &mut Check) {
        let reporting = &self.reporting;
        check.range("reporting.blind_days", reporting.blind_days, 7..=365);
        check.range(
            "reporting.coverage_weeks",
            reporting.coverage_weeks,
            4..=520,
        );
        for (path, value, range) in [
            (
                "outreach_half_life_days",
                reporting.outreach_half_life_days,
                1.0..=3650.0,
            ),
            (
                "base_half_distance_km",
                reporting.base_half_distance_km,
                1.0..=1000.0,
            ),
            (
                "discovery_weight_cap",
                reporting.discovery_weight_cap,
                1.0..=1000.0,
            ),
        ] {
            check.range(&format!("reporting.{path}"), value, range);
        }
        for (name, scenario) in reporting.scenarios() {
            let path = |key: &str| format!("reporting.{name}.{key}");
            check.range(&path("background"), scenario.background, 0.001..=0.99);
            check.range(&path("per_visit"), scenario.per_visit, 0.0..=0.99);
            let reason = scenario.reason.trim();
            check.that(
                !reason.is_empty(),
                &path("reason"),
                "empty",
                "where the numbers are from",
            );
        }
        let [low, mid, high] = reporting
            .scenarios()
            .map(|(_, scenario)| scenario.background);
        let rises = low < mid && mid < high;
        let expected = "above reporting.low.background and below reporting.high.background";
        check.that(rises, "reporting.mid.background", mid, expected);
    }

    fn check_outreach(&self, check: &mut Check) {
        let outreach = &self.outreach;
        check.range(
            "outreach.service_reach_hours",
            outreach.service_reach_hours,
            0.5..=12.0,
        );
        check.range("outreach.quiet_days", outreach.quiet_days, 7..=90);
        check.range("outreach.few_reports", outreach.few_reports, 2..=100);
        for (i, one) in outreach.service_override.iter().enumerate() {
            for (key, found, expected) in one.problems() {
                let path = format!("outreach.service_override[{i}].{key}");
                check.that(false, &path, found, &expected);
            }
        }
    }

    fn check_limits(&self, check: &mut Check) {
        let limits = &self.limits;
        check.range("limits.file_mib", limits.file_mib, 1..=1_048_576);
        check.range("limits.unpacked_mib", limits.unpacked_mib, 1..=65_536);
        check.range("limits.unpacked_ratio", limits.unpacked_ratio, 2..=1000);
        check.range(
            "limits.workbook_cells",
            limits.workbook_cells,
            1000..=1_000_000_000,
        );
        check.range("limits.reader_mib", limits.reader_mib, 384..=1_048_576);
        check.range("limits.reader_seconds", limits.reader_seconds, 1..=86_400);
    }

    fn check_trend(&self, check: &mut Check) {
        let (trend, window) = (&self.trend, &self.window);
        check.range("trend.step_weeks", trend.step_weeks, 1..=13);
        check.range("trend.steps", trend.steps, 10..=260);
        check.range("trend.level", trend.level, 0.001..=0.5);
        let weeks = u32::from(trend.steps) * u32::from(trend.step_weeks);
        let known = 52 * u32::from(window.history_years) + u32::from(window.detect_weeks);
        let expected = format!("steps of no more than {known} weeks together, as the history has");
        check.that(weeks <= known, "trend.steps", trend.steps, &expected);
        let whole = window.detect_weeks.is_multiple_of(trend.step_weeks.max(1));
        let expected = format!("a divisor of window.detect_weeks = {}", window.detect_weeks);
        check.that(whole, "trend.step_weeks", trend.step_weeks, &expected);
    }

    fn check_findings(&self, check: &mut Check) {
        let findings = &self.findings;
        check.range("findings.permutations", findings.permutations, 99..=99_999);
        check.range("findings.most_events", findings.most_events, 0..=20_000);
        check.range("findings.reach_km", findings.reach_km, 10.0..=500.0);
        check.range("findings.alarm_level", findings.alarm_level, 0.0001..=0.1);
        check.range("findings.lasting_ratio", findings.lasting_ratio, 1.1..=10.0);
        let km = &findings.near_km;
        let ascends = km.is_sorted_by(|a, b| a < b);
        let within = km.iter().all(|km| (1.0..=500.0).contains(km));
        check.that(
            ascends && within && (1..=8).contains(&km.len()),
            "findings.near_km",
            format!("{km:?}"),
            "one to eight ascending edges of 1..=500 km",
        );
        let days = &findings.near_days;
        let ascends = days.is_sorted_by(|a, b| a < b);
        let within = days.iter().all(|days| (1..=365).contains(days));
        check.that(
            ascends && within && (1..=8).contains(&days.len()),
            "findings.near_days",
            format!("{days:?}"),
            "one to eight ascending edges of 1..=365 days",
        );
    }

    fn check_sources(&self, check: &mut Check, known: &Known) {
        check.that(
            !self.sources.is_empty(),
            "source",
            "none",
            "at least one [[source]]",
        );
        let mapped = || self.sources.iter().filter(|source| source.kind == "mapped");
        let names: BTreeSet<_> = mapped().map(|source| &source.name).collect();
        let is_named =
            mapped().all(|source| source.name.is_some()) && names.len() == mapped().count();
        check.that(
            mapped().count() < 2 || is_named,
            "source.name",
            "missing or twice the same",
            "a name of its own for each of several mapped sources: they may use the same ids",
        );
        for (i, source) in self.sources.iter().enumerate() {
            check.that(
                known.sources.contains(&source.kind.as_str()),
                &format!("source[{i}].kind"),
                &source.kind,
                &format!("one of {}", known.sources.join(", ")),
            );
            check.that(
                !source.path.is_empty(),
                &format!("source[{i}].path"),
                "empty",
                "a path",
            );
            if let Some(sheet) = &source.sheet {
                check.that(
                    !sheet.trim().is_empty(),
                    &format!("source[{i}].sheet"),
                    "empty",
                    "the name of a sheet",
                );
            }
            if let Some(row) = source.header_row {
                check.range(&format!("source[{i}].header_row"), row, 1..=1000);
            }
            if let Some(encoding) = &source.encoding {
                check.that(
                    ENCODINGS.contains(&encoding.as_str()),
                    &format!("source[{i}].encoding"),
                    encoding,
                    &format!("one of {}", ENCODINGS.join(", ")),
                );
            }
            if let Some(decimal) = &source.decimal {
                let path = format!("source[{i}].decimal");
                let known = [".", ","].contains(&decimal.as_str());
                check.that(known, &path, decimal, "\".\" or \",\"");
            }
            let agreement = source.agreement.iter();
            for (key, found, expected) in agreement.flat_map(Agreement::problems) {
                let path = format!("source[{i}].agreement.{key}");
                check.that(false, &path, found, expected);
            }
        }
    }
}
