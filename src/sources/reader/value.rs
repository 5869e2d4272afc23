//! Values from the bytes of a cell, without a copy.

use crate::base::day::Day;

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

/// Whether a day lies in 1970-01-01..=2100-12-31.
pub(super) fn is_in_range(day: Day) -> bool {
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

    proptest! {
        #[test]
        fn short_decimals_equal_the_standard_parser_bit_for_bit(
            text in "-?[0-9]{0,12}(\\.[0-9]{0,12})?"
        ) {
            let standard = text.parse::<f64>().ok().map(f64::to_bits);
            prop_assert_eq!(number(text.as_bytes()).map(f64::to_bits), standard);
        }
    }
}
