//! What is told of a zone's mission and of its areas, and which tests stand beside each other.

use std::collections::BTreeSet;

use serde_json::Value;

use super::snapshot::Snapshot;

/// Findings of the mission and of the areas that the zone lies in.
pub(super) fn of_zone<'a>(snapshot: &'a Snapshot, zone_id: &str) -> Vec<&'a Value> {
    let findings = &snapshot.run["findings"];
    let areas = findings["areas_of_zones"][zone_id].as_array();
    let areas: BTreeSet<&str> = areas
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let speaks = |finding: &&Value| {
        let area = finding["scope"]["area"].as_str();
        area.is_none_or(|area| areas.contains(area))
    };
    let rows = findings["rows"].as_array().into_iter().flatten();
    rows.filter(speaks).collect()
}

/// One line for each: what it is, of what, what it says, how sure, among which tests, by which
/// parameters.
pub(super) fn lines(findings: &[&Value]) -> Vec<String> {
    findings.iter().map(|finding| line(finding)).collect()
}

fn line(finding: &Value) -> String {
    let text = |field: &str| finding[field].as_str().unwrap_or("-");
    let scope = finding["scope"]["area"].as_str().map_or_else(
        || "the mission".to_owned(),
        |pcode| match finding["area"].as_str() {
            Some(name) => format!("{name} ({pcode})"),
            None => pcode.to_owned(),
        },
    );
    let number = |field: &str, name: &str| {
        let value = finding[field].as_f64();
        value.map(|value| format!(", {name} {}", short(value)))
    };
    let doubt: String = [("value", "value"), ("p", "p"), ("p_bh", "adjusted p")]
        .into_iter()
        .filter_map(|(field, name)| number(field, name))
        .collect();
    let parameters = finding["parameters"].as_object().into_iter().flatten();
    let parameters: Vec<String> = parameters
        .map(|(name, value)| format!("{name} {}", value.as_str().unwrap_or("-")))
        .collect();
    format!(
        "{} of {scope}: {}; {}, n {}{doubt}, tested over {}; {}",
        text("name"),
        text("words"),
        text("statistic"),
        finding["n"],
        text("family"),
        parameters.join(", ")
    )
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
        let of_area = json!({
            "name": "farrington", "statistic": "Farrington flexible", "scope": {"area": "XX1"},
            "area": "Inventa", "value": 1.25, "p": 0.0002, "p_bh": 0.004, "n": 40, "words": "more",
            "family": "17 first-level areas", "parameters": {"alarm_level": "0.005"},
        });
        assert_eq!(
            line(&of_area),
            "farrington of Inventa (XX1): more; Farrington flexible, n 40, value 1.250, p 2.0e-4, \
             adjusted p 0.004, tested over 17 first-level areas; alarm_level 0.005"
        );
        let unanswered = json!({
            "name": "hawkes", "statistic": "self-exciting rate in time", "scope": "mission",
            "value": null, "p": null, "p_bh": null, "n": 12, "words": "no answer: too few",
            "family": "one test of the mission", "parameters": {},
        });
        assert!(line(&unanswered).starts_with("hawkes of the mission: no answer: too few; self-"));
        assert!(!line(&unanswered).contains("value"));
    }
}
