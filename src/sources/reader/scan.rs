//! Where one record ends and where its fields stand, from the bytes at its start.

use memchr::{memchr, memchr_iter, memchr2};

use super::fault::Class;
use crate::base::settings::Limits;

/// How large a record may be, its line end left out; what is larger is broken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub(super) bytes: usize,
    /// Physical lines.
    pub(super) lines: u64,
}

impl Most {
    /// As the mission's limits say.
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            bytes: usize::try_from(limits.row_kib)
                .unwrap_or(usize::MAX)
                .saturating_mul(1024),
            lines: u64::from(limits.row_lines),
        }
    }
}

/// Where a field stands in its record, its quotes left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether doubled quotes stand in it.
    pub(super) doubled: bool,
}

/// What stands at the start of some bytes.
pub(super) enum Scan {
    End,
    Whole {
        len: usize,
        lines: u64,
    },
    Blank {
        len: usize,
    },
    Broken(Class),
    /// A quote that is still open at the limits.
    TooLong,
    More,
}

/// Whether a field stands in quotes, which are left out of it.
pub(super) fn is_quoted(bytes: &[u8], field: &Field) -> bool {
    field.from > 0 && bytes[field.from - 1] == b'"'
}

/// Whether what was found has a quote where no field has one: the sign of a quote that closes.
pub(super) fn has_quotes_amiss(found: &Scan, bytes: &[u8], fields: &[Field]) -> bool {
    let is_stray = |field: &Field| {
        let text = &bytes[field.from..field.to];
        !is_quoted(bytes, field) && memchr(b'"', text).is_some()
    };
    match found {
        Scan::Broken(class) => matches!(class, Class::UnclosedQuote | Class::TextAfterQuote),
        Scan::TooLong => true,
        Scan::Whole { .. } => fields.iter().any(is_stray),
        _ => false,
    }
}

/// Looks for one whole record at the start of `bytes` and notes its fields.
pub(super) fn scan(
    bytes: &[u8],
    at_end: bool,
    delimiter: u8,
    most: Most,
    fields: &mut Vec<Field>,
) -> Scan {
    fields.clear();
    match bytes {
        [] if at_end => return Scan::End,
        [b'\n', ..] => return Scan::Blank { len: 1 },
        [b'\r', b'\n', ..] => return Scan::Blank { len: 2 },
        [b'\r'] if at_end => return Scan::Blank { len: 1 },
        _ => {}
    }
    let unfinished = |class| match class {
        Class::UnclosedQuote if bytes.len() > most.bytes => Scan::TooLong,
        _ if at_end || bytes.len() > most.bytes => Scan::Broken(class),
        _ => Scan::More,
    };
    let mut from = 0;
    let mut quotes = false;
    loop {
        // `stop` is the byte that ends the field: a delimiter, a line feed, or the end of the file.
        let stop = if bytes.get(from) == Some(&b'"') {
            quotes = true;
            let Some((close, doubled)) = closing_quote(bytes, from + 1, at_end) else {
                return unfinished(Class::UnclosedQuote);
            };
            fields.push(Field {
                from: from + 1,
                to: close,
                doubled,
            });
            match after_quote(&bytes[close + 1..], at_end, delimiter) {
                After::Stop(len) => close + 1 + len,
                After::Untold => return unfinished(Class::UnclosedQuote),
                After::Text => return Scan::Broken(Class::TextAfterQuote),
            }
        } else {
            let stop = match memchr2(delimiter, b'\n', &bytes[from..]) {
                Some(len) => from + len,
                None if at_end => bytes.len(),
                None => return unfinished(Class::TooLong),
            };
            fields.push(Field {
                from,
                to: stop,
                doubled: false,
            });
            stop
        };
        if bytes.get(stop) != Some(&delimiter) {
            return whole(&bytes[..(stop + 1).min(bytes.len())], quotes, most);
        }
        from = stop + 1;
    }
}

/// A record that ends here, unless it spans more lines than any record does.
fn whole(record: &[u8], quotes: bool, most: Most) -> Scan {
    let lines = if quotes {
        memchr_iter(b'\n', record).count() as u64
    } else {
        1
    };
    if lines > most.lines {
        return Scan::TooLong;
    }
    let len = record.len();
    Scan::Whole { len, lines }
}

/// What stands behind a closing quote.
enum After {
    /// The field's end, after this many bytes.
    Stop(usize),
    Text,
    /// The bytes do not tell yet.
    Untold,
}

fn after_quote(rest: &[u8], at_end: bool, delimiter: u8) -> After {
    match rest {
        [b'\r'] if !at_end => After::Untold,
        [b'\r', b'\n', ..] | [b'\r'] => After::Stop(1),
        [byte, ..] if *byte == delimiter || *byte == b'\n' => After::Stop(0),
        [] => After::Stop(0),
        _ => After::Text,
    }
}

/// Where the quote closes that opened before `from`, and whether doubled quotes stand in between.
/// `None` where `bytes` do not tell yet.
fn closing_quote(bytes: &[u8], from: usize, at_end: bool) -> Option<(usize, bool)> {
    let mut at = from;
    let mut doubled = false;
    loop {
        at += memchr(b'"', &bytes[at..])?;
        match bytes.get(at + 1) {
            Some(b'"') => {
                doubled = true;
                at += 2;
            }
            None if !at_end => return None,
            _ => return Some((at, doubled)),
        }
    }
}
