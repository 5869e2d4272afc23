//! What every indicator says of a zone, with its age, its sources, and how far it is known.

use serde_json::{Value, json};

use crate::base::error::Result;
use crate::indicators;

use super::Story;
use super::snapshot::{Cells, Snapshot};

/// A line an indicator, at the zone's most warned cell; nothing for a night without indicators.
pub(super) fn of_zone(snapshot: &Snapshot, zone_id: &str) -> Result<Story> {
    let mut story = Story {
        lines: Vec::new(),
        value: Value::Array(Vec::new()),
    };
    let Some(rows) = snapshot.indicators()? else {
        return Ok(story);
    };
    let texts = indicators::texts()?;
    let of_zone: Vec<usize> = rows.rows_of_zone(zone_id).collect();
    let cell = of_zone.first().and_then(|&row| rows.text("hex_id", row));
    if let Some(cell) = cell {
        story.lines.push(String::new());
        story.lines.push(format!(
            "indicators at {cell}, the most warned cell (log-odds that each adds, score against what is usual):"
        ));
    }
    let mut values = Vec::new();
    for row in of_zone {
        let id = rows.text("indicator", row).unwrap_or_default();
        let text = texts.get(&id).map_or("", String::as_str);
        story.lines.push(line(&rows, row, &id, text));
        values.push(json!({
            "indicator": id,
            "text": text,
            "value": rows.number("value", row),
            "expected": rows.number("expected", row),
            "score": rows.number("score", row),
            "usual_score": rows.number("usual_score", row),
            "direction": rows.text("direction", row),
            "push": rows.number("push", row),
            "data_age_days": rows.whole("data_age_days", row),
            "n_sources": rows.whole("n_sources", row),
            "state": rows.text("state", row),
        }));
    }
    story.value = Value::Array(values);
    Ok(story)
}

fn line(rows: &Cells, row: usize, id: &str, text: &str) -> String {
    let state = rows.text("state", row).unwrap_or_default();
    let direction = rows.text("direction", row).unwrap_or_default();
    let number = |column: &str| rows.number(column, row);
    let whole = |column: &str| rows.whole(column, row).unwrap_or(0);
    let Some((score, usual)) = number("score").zip(number("usual_score")) else {
        return format!("  {id}         {text}: {state}");
    };
    let push = match direction.as_str() {
        "detection" => "     ".to_owned(),
        _ => format!("{:+.2}", number("push").unwrap_or(0.0)),
    };
    let expected = number("expected").map_or(String::new(), |n| format!(", {n:.2} expected"));
    format!(
        "  {id}  {push}  {text}: {:.2}{expected}, score {score:.2} ({usual:.2} usual), {} days old, {} \
         source(s), {direction}, {state}",
        number("value").unwrap_or(0.0),
        whole("data_age_days"),
        whole("n_sources"),
    )
}
