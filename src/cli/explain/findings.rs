//! What is told of a zone's mission and of its areas, and which tests stand beside each other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::snapshot::Snapshot;

/// Findings of the mission and of the areas that the zone lies in.
pub(super) fn of_zone<'a>(snapshot: &'a Snapshot, zone_id: &str) -> Vec<&'a Value> {
    let findings = &snapshot.run["findings"];
    let areas = findings["areas_of_zones"][zone_id].as_array();
    let areas = areas.into_iter().flatten().filter_map(Value::as_str);
    let areas: BTreeSet<&str> = areas.collect();
    let speaks = |finding: &&Value| {
        let area = finding["scope"]["area"].as_str();
        area.is_none_or(|area| areas.contains(area))
    };
    let rows = findings["rows"].as_array().into_iter().flatten();
    rows.filter(speaks).collect()
}

/// For each statistic a line with the parameters that all its findings share, and one for each finding:
/// of what, what it says, how sure, among which tests, by which parameters of its own.
pub(super) fn lines(findings: &[&Value]) -> Vec<String> {
    let same = |a: &&Value, b: &&Value| a["name"] == b["name"];
    findings.chunk_by(same).flat_map(group).collect()
}

fn group(findings: &[&Value]) -> Vec<String> {
    let shared = |name: &str, value: &Value| {
        let mut all = findings.iter();
        all.all(|finding| finding["parameters"].get(name) == Some(value))
    };
    let listed = |finding: &Value, wanted: bool| {
        let parameters = finding["parameters"].as_object().into_iter().flatten();
        let parameters: Vec<String> = parameters
            .filter(|(name, value)| shared(name, value) == wanted)
            .map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or("-")))
            .collect();
        parameters.join(", ")
    };
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap_or("-").to_owned();
    let Some(first) = findings.first() else {
        return Vec::new();
    };
    let head = [text(first, "statistic"), listed(first, true)];
    let head = head.into_iter().filter(|part| !part.is_empty());
    let mut lines = vec![format!(
        "{}: {}",
        text(first, "name"),
        head.collect::<Vec<_>>().join("; ")
    )];
    lines.extend(findings.iter().map(|finding| {
        let own = listed(finding, false);
        let own = if own.is_empty() {
            own
        } else {
            format!("; {own}")
        };
        format!(
            "  {}: {} ({}, tested over {}{own})",
            scope(finding),
            text(finding, "words"),
            doubt(finding),
            text(finding, "family")
        )
    }));
    lines
}

fn scope(finding: &Value) -> String {
    match (finding["scope"]["area"].as_str(), finding["area"].as_str()) {
        (None, _) => "mission".to_owned(),
        (Some(pcode), Some(name)) => format!("{name} ({pcode})"),
        (Some(pcode), None) => pcode.to_owned(),
    }
}

fn doubt(finding: &Value) -> String {
    let number = |(field, name): (&str, &str)| {
        let value = finding[field].as_f64();
        value.map(|value| format!(", {name} {}", short(value)))
    };
    let numbers = [("value", "value"), ("p", "p"), ("p_bh", "adjusted p")];
    let numbers: String = numbers.into_iter().filter_map(number).collect();
    format!("n {}{numbers}", finding["n"])
}

/// Three digits, small ones by their power of ten.
fn short(value: f64) -> String {
    if value.abs() < 0.001 && value != 0.0 {
        format!("{value:.1e}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_finding_is_told_with_its_scope_its_doubt_and_its_parameters() {
        let of_mission = json!({
            "name": "farrington", "statistic": "Farrington flexible", "scope": "mission",
            "value": null, "p": null, "p_bh": null, "n": 12, "words": "no answer: too short",
            "family": "nothing", "parameters": {"alarm_level": "0.005"},
        });
        let of_area = json!({
            "name": "farrington", "statistic": "Farrington flexible", "scope": {"area": "XX1"},
            "area": "Inventa", "value": 1.25, "p": 0.0002, "p_bh": 0.004, "n": 40, "words": "more",
            "family": "17 first-level areas",
            "parameters": {"alarm_level": "0.005", "trend": "none believed"},
        });
        assert_eq!(
            lines(&[&of_mission, &of_area]),
            [
                "farrington: Farrington flexible; alarm_level 0.005",
                "  mission: no answer: too short (n 12, tested over nothing)",
                "  Inventa (XX1): more (n 40, value 1.250, p 2.0e-4, adjusted p 0.004, tested over 17 \
                 first-level areas; trend none believed)",
            ]
        );
    }
}
