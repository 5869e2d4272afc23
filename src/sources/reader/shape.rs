//! What a value looks like, when what it looks like tells of a person.
//!
//! Names of columns are a first alarm; this is the second, for a telephone number under `remarks`.
//! It errs on the side of silence for single values, and so is judged by column: see `watch`.

use memchr::{memchr, memchr_iter};

use super::value;
use crate::base::day::Day;
use crate::base::settings::DateFormat;

/// Digits of a telephone number, as E.164 has them.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
/// Words from which on a text tells a story.
const STORY_WORDS: usize = 20;
/// Longer values are no document number.
const IBAN_LEN: std::ops::RangeInclusive<usize> = 15..=34;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Phone,
    Email,
    Document,
    /// Only told beside the day of the row: ten years or more before it.
    Birth,
    Story,
}

impl Shape {
    pub(crate) const ALL: [Self; 5] = [
        Self::Phone,
        Self::Email,
        Self::Document,
        Self::Birth,
        Self::Story,
    ];

    /// For messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Phone => "telephone numbers",
            Self::Email => "e-mail addresses",
            Self::Document => "numbers of documents or accounts",
            Self::Birth => "dates of birth",
            Self::Story => "narratives",
        }
    }

    /// A value of this shape that is nobody's.
    pub(crate) const fn stand_in(self) -> &'static str {
        match self {
            Self::Phone => "+00000000000",
            Self::Email => "a@b.cc",
            Self::Document => "A0000000",
            Self::Birth => "",
            Self::Story => "a a a a a a a a a a a a a a a a a a a a a",
        }
    }

    /// What a value looks like by itself.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        Look::at(text).shape(text)
    }
}

/// What a value is made of, found in one pass: most values are told by it to be nobody's.
#[derive(Debug, Default)]
pub(crate) struct Look {
    digits: usize,
    letters: usize,
    spaces: usize,
    has_at: bool,
    has_plus: bool,
}

impl Look {
    pub(crate) fn at(text: &[u8]) -> Self {
        let mut look = Self::default();
        for byte in text {
            match byte {
                b'0'..=b'9' => look.digits += 1,
                b' ' => look.spaces += 1,
                b'@' => look.has_at = true,
                b'+' => look.has_plus = true,
                b'-' | b'.' | b'/' | b'(' | b')' => {}
                _ => look.letters += 1,
            }
        }
        look
    }

    /// The shape of the text that was looked at.
    pub(crate) fn shape(&self, text: &[u8]) -> Option<Shape> {
        let has_phone = PHONE_DIGITS.start() <= &self.digits
            && ((self.has_plus && has_international(text))
                || (self.letters == 0 && !self.has_at && is_phone(text, self.digits)));
        if self.has_at && has_email(text) {
            Some(Shape::Email)
        } else if has_phone {
            Some(Shape::Phone)
        } else if self.letters > 0 && self.digits > 5 && is_document(text) {
            Some(Shape::Document)
        } else {
            // Shapes of areas are long texts too, of numbers.
            let is_story = self.spaces >= STORY_WORDS && self.letters > self.digits;
            is_story.then_some(Shape::Story)
        }
    }

    /// Whether it can be a day, with or without a time behind it.
    pub(crate) fn may_be_day(&self, text: &[u8]) -> bool {
        (6..=14).contains(&self.digits) && (8..=19).contains(&text.len()) && self.letters <= 3
    }
}

fn has_email(text: &[u8]) -> bool {
    memchr_iter(b'@', text).any(|at| {
        let before = at > 0 && text[at - 1].is_ascii_alphanumeric();
        let domain =
            text[at + 1..].split(|byte| !byte.is_ascii_alphanumeric() && !b".-".contains(byte));
        let domain = domain.take(1).next().unwrap_or_default();
        let mut labels = domain.rsplit(|&byte| byte == b'.');
        let top = labels.next().unwrap_or_default();
        let is_top = top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic);
        before && is_top && labels.next().is_some_and(|label| !label.is_empty())
    })
}

/// A plus with a whole number of a telephone behind it, anywhere in a text.
fn has_international(text: &[u8]) -> bool {
    memchr_iter(b'+', text).any(|at| {
        let is_part = |byte: &&u8| byte.is_ascii_digit() || b" -()".contains(byte);
        let rest = text[at + 1..].iter().take_while(is_part);
        let n_digits = rest.filter(|byte| byte.is_ascii_digit()).count();
        text.get(at + 1).is_some_and(u8::is_ascii_digit) && PHONE_DIGITS.contains(&n_digits)
    })
}

/// Whether the whole of a text, digits and their separators only, is a telephone number: international, with a trunk zero, with one of
/// Africa's codes, or in groups. A plain row of digits is a number like any other.
fn is_phone(text: &[u8], n_digits: usize) -> bool {
    let is_decimal = text.len() == n_digits + 1 && memchr(b'.', text).is_some();
    let is_short = text.len() <= 24 && PHONE_DIGITS.contains(&n_digits);
    if !is_short || is_decimal || value::day(text).is_ok() {
        return false;
    }
    let separators = b" -./()+";
    let groups = text
        .split(|byte| separators.contains(byte))
        .filter(|group| !group.is_empty());
    let groups: Vec<&[u8]> = groups.collect();
    let digits = groups.concat();
    if (groups.len() < 3 && memchr(b'.', text).is_some()) || is_date(&groups) {
        return false;
    }
    let africa = (b'1'..=b'9').contains(&digits[1]) && digits[0] == b'2';
    match (groups.len(), digits.as_slice()) {
        (_, [b'0', b'0', third, ..]) => *third != b'0' && digits.len() > 10,
        (_, [b'0', _, ..]) => (9..=11).contains(&digits.len()),
        (1, _) => africa && (11..=12).contains(&digits.len()),
        (2, _) => false,
        _ => {
            digits.len() <= 12
                && groups.iter().all(|group| group.len() <= 4)
                && !is_thousands(&groups)
        }
    }
}

fn is_thousands(groups: &[&[u8]]) -> bool {
    groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3)
}

/// Whether groups of digits are long as those of a date, in whatever calendar.
fn is_date(groups: &[&[u8]]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

/// A passport or identity card as most countries number them, or an account number whose check
/// digits are right.
fn is_document(text: &[u8]) -> bool {
    let letters = text
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let digits = &text[letters..];
    let is_number = digits.iter().all(u8::is_ascii_digit);
    match letters {
        1 => is_number && (7..=8).contains(&digits.len()),
        2 if is_number && (6..=7).contains(&digits.len()) => true,
        2 => is_iban(text),
        _ => false,
    }
}

/// ISO 13616: the account number read as one whole number leaves 1 when divided by 97.
fn is_iban(text: &[u8]) -> bool {
    let plain: Vec<u8> = text.iter().copied().filter(|&byte| byte != b' ').collect();
    let known = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if !IBAN_LEN.contains(&plain.len()) || !plain.iter().all(known) {
        return false;
    }
    let moved = plain[4..].iter().chain(&plain[..4]);
    let rest = moved.fold(0_u32, |rest, &byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    rest == 1
}

/// The first day a text can be, in any way of writing.
pub(crate) fn any_day(text: &[u8]) -> Option<Day> {
    let n_others = text
        .iter()
        .take(10)
        .filter(|byte| !byte.is_ascii_digit())
        .count();
    let seems = (8..=19).contains(&text.len()) && (n_others == 2 || n_others + text.len() == 8);
    if !seems {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let iso = Day::parse_iso(text);
    iso.or_else(|| DateFormat::ALL.iter().find_map(|format| format.parse(text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shape(text: &str) -> Option<Shape> {
        Shape::of(text.as_bytes())
    }

    #[test]
    fn telephone_numbers_are_told_from_other_numbers() {
        for text in [
            "+236 70 12 34 56",
            "+211912345678",
            "00236 70123456",
            "0912345678",
            "0912 345 678",
            "(091) 234-5678",
            "70 12 34 56",
            "70-12-34-56",
            "23670123456",
            "call +211 912 345 678 after noon",
        ] {
            assert_eq!(shape(text), Some(Shape::Phone), "{text}");
        }
        for text in [
            "6.4999990054",
            "-0.123456789",
            "+6.12345678",
            "1615248000",
            "2021-03-04",
            "04/03/2021",
            "2021 03 04",
            "1442-09-17",
            "31.02.1987",
            "2021-03-04 10:00",
            "202103041200",
            "12 345 678",
            "900001",
            "0000012345",
            "3-4",
            "20210304",
            "1159125585",
            "192034",
        ] {
            assert_eq!(shape(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_documents_and_stories_are_told() {
        let story = "word ".repeat(21);
        let wkt = format!("POLYGON (({}", "21.5 6.25, ".repeat(20));
        for (text, due) in [
            ("someone@example.org", Some(Shape::Email)),
            ("write to x.y@mail.example.org, please", Some(Shape::Email)),
            ("@agency", None),
            ("7 @ 3.50", None),
            ("P1234567", Some(Shape::Document)),
            ("AB123456", Some(Shape::Document)),
            ("GB82 WEST 1234 5698 7654 32", Some(Shape::Document)),
            ("GB83 WEST 1234 5698 7654 32", None),
            ("CF1101", None),
            ("SSD12345", None),
            (story.as_str(), Some(Shape::Story)),
            ("Armed clash near the market", None),
            (wkt.as_str(), None),
        ] {
            assert_eq!(shape(text), due, "{text}");
        }
    }

    #[test]
    fn a_stand_in_has_the_shape_it_stands_for() {
        for told in Shape::ALL.into_iter().filter(|told| *told != Shape::Birth) {
            assert_eq!(shape(told.stand_in()), Some(told));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_harmless(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            Shape::of(&text);
            any_day(&text);
        }

        #[test]
        fn any_international_number_is_told(digits in "[1-9][0-9]{7,14}", gap in 1_usize..5) {
            let spaced: Vec<String> = digits.as_bytes().chunks(gap)
                .map(|part| String::from_utf8_lossy(part).into_owned()).collect();
            prop_assert_eq!(shape(&format!("+{digits}")), Some(Shape::Phone));
            prop_assert_eq!(shape(&format!("+{}", spaced.join(" "))), Some(Shape::Phone));
        }

        #[test]
        fn coordinates_and_days_are_never_people(
            degrees in -180_f64..180.0, places in 0_usize..12, day in 0_i32..47_000
        ) {
            prop_assert_eq!(shape(&format!("{degrees:.places$}")), None);
            prop_assert_eq!(shape(&format!("{degrees:+.places$}")), None);
            prop_assert_eq!(shape(&Day(day).to_string()), None);
        }
    }
}
