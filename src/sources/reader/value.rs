//! Values from the bytes of a cell, without a copy.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::fault::Class;
use crate::base::day::Day;
use crate::base::settings::DateFormat;

/// Largest number of decimal digits whose value, and whose power of ten, are exact as `f64`; one
/// division of the two is then correctly rounded, as the standard parser is (Clinger 1990).
const EXACT_DIGITS: usize = 15;
const POWERS_OF_TEN: [f64; EXACT_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
/// 2100-12-31.
const LAST_DAY: i32 = 47_846;

/// A finite decimal number.
pub(crate) fn number(text: &[u8]) -> Option<f64> {
    short_decimal(text).or_else(|| {
        let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        value.is_finite().then_some(value)
    })
}

/// `[-]digits[.digits]` of at most [`EXACT_DIGITS`] digits: what coordinates look like.
#[allow(clippy::cast_precision_loss, reason = "15 digits stay below 2^53")]
fn short_decimal(text: &[u8]) -> Option<f64> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (mut mantissa, mut digits, mut point) = (0_u64, 0, None);
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                digits += 1;
                if digits > EXACT_DIGITS {
                    return None;
                }
            }
            b'.' if point.is_none() => point = Some(digits),
            _ => return None,
        }
    }
    if digits == 0 {
        return None;
    }
    let value = mantissa as f64 / POWERS_OF_TEN[point.map_or(0, |before| digits - before)];
    Some(if negative { -value } else { value })
}

/// A number's text with a point for its decimal comma; nothing where it has a point already, which
/// beside decimal commas stands between thousands.
pub(crate) fn with_point(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if text.contains(&b'.') {
        return None;
    }
    let Some(at) = text.iter().position(|&byte| byte == b',') else {
        return Some(Cow::Borrowed(text));
    };
    let mut text = text.to_vec();
    text[at] = b'.';
    Some(Cow::Owned(text))
}

/// What would make a number of a text that is none, where its shape tells.
pub(crate) fn remedy(text: &[u8], decimal_comma: bool) -> Option<&'static str> {
    let is_number = |text: Option<Cow<'_, [u8]>>| text.is_some_and(|text| number(&text).is_some());
    let last = text.last().map_or(b' ', u8::to_ascii_uppercase);
    let has_unit = !text.is_ascii() || text.iter().any(|byte| b"'\"".contains(byte));
    if decimal_comma {
        return number(text).map(|_| "a decimal comma, as source.decimal says");
    }
    if is_number(with_point(text)) {
        return Some("a decimal point, or source.decimal = \",\"");
    }
    let is_angle = text.iter().any(u8::is_ascii_digit) && (has_unit || b"NSEWO".contains(&last));
    is_angle.then_some("decimal degrees such as -6.25, not degrees and minutes")
}

/// A whole number, also where an export turned it into `4.0`.
pub(crate) fn whole(text: &[u8]) -> Option<i64> {
    let text = without_zero_fraction(text);
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits
        .iter()
        .fold(0_i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some(if negative { -value } else { value })
}

/// A number without the `.0` that spreadsheets and data frames add to it.
pub(crate) fn without_zero_fraction(text: &[u8]) -> &[u8] {
    let Some(point) = text.iter().position(|&byte| byte == b'.') else {
        return text;
    };
    let (before, after) = text.split_at(point);
    let zeros = after.len() > 1 && after[1..].iter().all(|&byte| byte == b'0');
    let is_number = !before.is_empty()
        && before
            .iter()
            .enumerate()
            .all(|(i, &b)| b.is_ascii_digit() || (i == 0 && b == b'-'));
    if zeros && is_number { before } else { text }
}

/// A day, `YYYY-MM-DD` with or without a time behind it, 1970-01-01..=2100-12-31.
/// `Err(true)` where it is a date, but none of these.
pub(crate) fn day(text: &[u8]) -> Result<Day, bool> {
    let day = Day::parse_iso_bytes(text).ok_or(false)?;
    if is_in_range(day) { Ok(day) } else { Err(true) }
}

/// A day, `YYYY-MM-DD` or as the source writes it. A day that could be two is neither.
pub(crate) fn written_day(text: &[u8], format: Option<DateFormat>) -> Result<Day, Class> {
    let found = match day(text) {
        Err(false) => {
            let text = std::str::from_utf8(text).unwrap_or_default();
            match format {
                Some(format) => format.parse(text).ok_or(Class::NotADate)?,
                None if is_ambiguous(text) => return Err(Class::AmbiguousDate),
                None => return Err(Class::NotADate),
            }
        }
        iso => iso.map_err(|_is_date| Class::OutOfRange)?,
    };
    if is_in_range(found) {
        Ok(found)
    } else {
        Err(Class::OutOfRange)
    }
}

/// Whether a text is another day in each of several ways of writing.
fn is_ambiguous(text: &str) -> bool {
    let days = DateFormat::ALL
        .iter()
        .filter_map(|format| format.parse(text));
    days.collect::<BTreeSet<Day>>().len() > 1
}

/// Whether a day lies in 1970-01-01..=2100-12-31.
pub(crate) fn is_in_range(day: Day) -> bool {
    (0..=LAST_DAY).contains(&day.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_whole_numbers_with_and_without_zero_fraction() {
        for (text, value) in [
            ("30367", 30367),
            ("30367.0", 30367),
            ("-1.00", -1),
            ("0", 0),
        ] {
            assert_eq!(whole(text.as_bytes()), Some(value), "{text}");
        }
        for text in [
            "",
            "-",
            "1.5",
            ".0",
            "1.",
            "1e3",
            "12345678901234567890",
            "x.0",
            "1-.0",
        ] {
            assert_eq!(whole(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for text in [
            "", "-", ".", "-.", "NaN", "inf", "infinity", "1e999", "7,29", "7.2.9", "0x10",
        ] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(number(b"-.5"), Some(-0.5));
        assert_eq!(number(b"5."), Some(5.0));
        assert_eq!(number(b"1e2"), Some(100.0));
    }

    #[test]
    fn days_outside_1970_to_2100_are_dates_out_of_range() {
        assert_eq!(day(b"1970-01-01"), Ok(Day(0)));
        assert_eq!(day(b"1969-12-31"), Err(true));
        assert_eq!(day(b"2101-01-01"), Err(true));
        assert_eq!(day(b"2021-02-29"), Err(false));
    }

    #[test]
    fn a_day_that_could_be_two_is_neither_until_the_mission_says() {
        use DateFormat::{DaySlashes, MonthSlashes};
        let day = |y, m, d| Ok(Day::from_ymd(y, m, d).unwrap());
        for (text, format, due) in [
            ("03/04/2021", None, Err(Class::AmbiguousDate)),
            ("25/04/2021", None, Err(Class::NotADate)),
            ("04/04/2021", None, Err(Class::NotADate)),
            ("03-04-2021", None, Err(Class::AmbiguousDate)),
            ("03.04.2021", None, Err(Class::NotADate)),
            ("03/04/2021", Some(DaySlashes), day(2021, 4, 3)),
            ("03/04/2021", Some(MonthSlashes), day(2021, 3, 4)),
            ("25/04/2021", Some(MonthSlashes), Err(Class::NotADate)),
            ("2021-04-25", Some(MonthSlashes), day(2021, 4, 25)),
            ("25/04/1442", Some(DaySlashes), Err(Class::OutOfRange)),
            ("1442-09-12", None, Err(Class::OutOfRange)),
        ] {
            assert_eq!(
                written_day(text.as_bytes(), format),
                due,
                "{text} {format:?}"
            );
        }
    }

    #[test]
    fn what_would_make_a_number_is_told_by_shape() {
        let comma = "a decimal point, or source.decimal = \",\"";
        let degrees = "decimal degrees such as -6.25, not degrees and minutes";
        for (text, due) in [
            ("7,29", Some(comma)),
            ("1,2,3", None),
            ("6°15'00\"N", Some(degrees)),
            ("6 15 00 N", Some(degrees)),
            ("21.5E", Some(degrees)),
            ("north", None),
            ("", None),
        ] {
            assert_eq!(remedy(text.as_bytes(), false), due, "{text}");
        }
        assert_eq!(
            remedy(b"7.29", true),
            Some("a decimal comma, as source.decimal says")
        );
    }

    proptest! {
        #[test]
        fn a_decimal_comma_reads_as_the_point_does(text in "-?[0-9]{1,6}(,[0-9]{1,6})?") {
            let point = text.replace(',', ".");
            let read = with_point(text.as_bytes()).and_then(|text| number(&text));
            prop_assert_eq!(read.map(f64::to_bits), number(point.as_bytes()).map(f64::to_bits));
        }

        #[test]
        fn any_bytes_are_harmless(text in proptest::collection::vec(any::<u8>(), 0..24)) {
            for comma in [false, true] {
                remedy(&text, comma);
            }
            for format in DateFormat::ALL.iter().copied().map(Some).chain([None]) {
                let _ = written_day(&text, format);
            }
        }

        #[test]
        fn short_decimals_equal_the_standard_parser_bit_for_bit(
            text in "-?[0-9]{0,12}(\\.[0-9]{0,12})?"
        ) {
            let standard = text.parse::<f64>().ok().map(f64::to_bits);
            prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), standard);
        }
    }
}
