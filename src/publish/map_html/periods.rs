//! The slider: labels in the page, and as data only what changes from one period to the next.

use std::fmt::Write as _;

use super::both;
use crate::publish::TierTables;
use crate::publish::markup::Markup;
use crate::publish::svg::{CellClasses, Period};
use crate::publish::words::Words;

/// The slider and the label of each period; hidden until the script runs, but for the last label.
pub(super) fn slider(
    page: &mut Markup,
    classes: &CellClasses,
    tier: &TierTables<'_>,
    words: &[Words],
) {
    let (periods, Some(steps)) = (&classes.periods, tier.ground.steps) else {
        return;
    };
    let Some(last) = periods.len().checked_sub(1) else {
        return;
    };
    page.open("div", &[("class", "periods"), ("hidden", "")]);
    page.open("label", &[("for", "period")]);
    both(page, words, |words| words.say("period"));
    page.close();
    let last = last.to_string();
    page.empty(
        "input",
        &[
            ("type", "range"),
            ("id", "period"),
            ("min", "0"),
            ("max", &last),
            ("value", &last),
            ("aria-describedby", "period-hint"),
        ],
    );
    page.open("output", &[("for", "period")]);
    for (i, period) in periods.iter().enumerate() {
        let number = i.to_string();
        let mut attributes = vec![("data-period", number.as_str())];
        if number != last {
            attributes.push(("hidden", ""));
        }
        page.open("span", &attributes);
        both(page, words, |words| label(period, words));
        page.close();
    }
    page.close();
    page.open("small", &[("id", "period-hint")]);
    both(page, words, |words| {
        words.tell("period-hint", &[("n", u32::from(steps.step_weeks).into())])
    });
    page.close();
    page.close();
}

fn label(period: &Period, words: &Words) -> String {
    let (from, to) = (words.day(period.first), words.day(period.last));
    words.tell("period-label", &[("from", from.into()), ("to", to.into())])
}

/// `{"periods":["", "3:2", ...]}`: for the last period nothing, for each before it the cells whose class differs from the
/// period after it, as the gap since the last such cell and, behind a colon, its class.
pub(super) fn data(classes: &CellClasses) -> String {
    let periods = &classes.periods;
    let mut texts: Vec<String> = periods
        .windows(2)
        .map(|pair| changes(&pair[1].reports, &pair[0].reports))
        .collect();
    texts.extend(periods.last().map(|_| String::new()));
    let quoted: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
    format!("{{\"periods\":[{}]}}", quoted.join(","))
}

fn changes(from: &[usize], to: &[usize]) -> String {
    let (mut text, mut last) = (String::new(), 0);
    for (i, (was, is)) in from.iter().zip(to).enumerate() {
        if was != is {
            let gap = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{gap}{}:{is}", i - last);
            last = i;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn only_what_changes_is_told() {
        assert_eq!(changes(&[0, 1, 2, 0], &[0, 1, 2, 0]), "");
        assert_eq!(changes(&[0, 1, 2, 0], &[3, 1, 0, 5]), "0:3 2:0 1:5");
    }
}
