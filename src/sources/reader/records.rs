//! Bytes to records: one pass over a delimited text file that counts its lines and cuts records
//! and fields.
//!
//! Quoting is strict (RFC 4180): a quote opens at the start of a field only, and after it closes a
//! field ends. So a quote that someone forgot to close is found at the next quote, or after
//! [`MAX_RECORD_BYTES`] or [`MAX_RECORD_LINES`], and costs its own line only: cutting resumes at the
//! next one. A lenient parser would join such lines into one record without a word.

use std::borrow::Cow;
use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2};

use super::fault::Class;

const CHUNK_BYTES: usize = 64 * 1024;
/// A record longer than this, its line end left out, is broken.
pub(crate) const MAX_RECORD_BYTES: usize = 1024 * 1024;
/// A record that spans more physical lines than this is broken.
pub(crate) const MAX_RECORD_LINES: u64 = 1000;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Cuts a stream into records.
pub(crate) struct Records<R> {
    input: R,
    buffer: Vec<u8>,
    /// `buffer[start..filled]` is read but not yet passed on.
    start: usize,
    filled: usize,
    at_end: bool,
    /// Length and lines of the record handed out last; passed over when the next one is asked for.
    handed: (usize, u64),
    /// Physical line of `start`, 1-based.
    line: u64,
    delimiter: u8,
    fields: Vec<Field>,
}

/// Where a field stands in its record, its quotes left out.
#[derive(Debug, Clone, Copy)]
struct Field {
    from: usize,
    to: usize,
    /// Whether doubled quotes stand in it.
    doubled: bool,
}

/// One record.
pub(crate) struct Record<'a> {
    /// Physical line on which it starts, 1-based.
    pub(crate) line: u64,
    bytes: &'a [u8],
    fields: &'a [Field],
}

/// What was cut off the stream.
pub(crate) enum Cut<'a> {
    /// A record.
    Record(Record<'a>),
    /// A physical line that starts no record.
    Broken(u64, Class),
    /// Nothing: the stream has ended.
    End,
}

enum Scan {
    End,
    Whole { len: usize, lines: u64 },
    Blank { len: usize },
    Broken(Class),
    More,
}

impl<R: Read> Records<R> {
    /// Starts reading, steps over a byte order mark, and takes as delimiter whichever of comma,
    /// semicolon and tab the first line has most of.
    pub(crate) fn new(input: R) -> io::Result<Self> {
        let mut records = Self {
            input,
            buffer: vec![0; CHUNK_BYTES],
            start: 0,
            filled: 0,
            at_end: false,
            handed: (0, 0),
            line: 1,
            delimiter: b',',
            fields: Vec::new(),
        };
        records.fill()?;
        while !records.at_end
            && records.filled < MAX_RECORD_BYTES
            && memchr(b'\n', &records.buffer[..records.filled]).is_none()
        {
            records.fill()?;
        }
        let head = &records.buffer[..records.filled];
        let first = &head[..memchr(b'\n', head).unwrap_or(head.len())];
        let count = |delimiter| memchr_iter(delimiter, first).count();
        let more = |best, next| {
            if count(next) > count(best) {
                next
            } else {
                best
            }
        };
        records.delimiter = [b';', b'\t'].into_iter().fold(b',', more);
        records.start = if head.starts_with(BOM) { BOM.len() } else { 0 };
        Ok(records)
    }

    /// Cuts the next record.
    pub(crate) fn next(&mut self) -> io::Result<Cut<'_>> {
        self.start += self.handed.0;
        self.line += self.handed.1;
        self.handed = (0, 0);
        loop {
            // Never more than the longest record is looked at, so that what a record is does not
            // depend on how many bytes the reader happened to give at once.
            let left = self.filled - self.start;
            let seen = left.min(MAX_RECORD_BYTES + 1);
            let bytes = &self.buffer[self.start..self.start + seen];
            let at_end = self.at_end && seen == left;
            match scan(bytes, at_end, self.delimiter, &mut self.fields) {
                Scan::End => return Ok(Cut::End),
                Scan::Whole { len, lines } => {
                    self.handed = (len, lines);
                    let bytes = &self.buffer[self.start..self.start + len];
                    return Ok(Cut::Record(Record {
                        line: self.line,
                        bytes,
                        fields: &self.fields,
                    }));
                }
                Scan::Blank { len } => {
                    self.start += len;
                    self.line += 1;
                }
                Scan::Broken(class) => {
                    let line = self.line;
                    self.skip_line()?;
                    return Ok(Cut::Broken(line, class));
                }
                Scan::More => self.fill()?,
            }
        }
    }

    /// The stream, after what was left of it is read.
    pub(crate) fn finish(mut self) -> io::Result<R> {
        while !self.at_end {
            self.start = self.filled;
            self.fill()?;
        }
        Ok(self.input)
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(len) = memchr(b'\n', &self.buffer[self.start..self.filled]) {
                self.start += len + 1;
                self.line += 1;
                return Ok(());
            }
            self.start = self.filled;
            if self.at_end {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads once behind what is left, making room for it first.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.filled += read;
        self.at_end = read == 0;
        Ok(())
    }
}

impl Record<'_> {
    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether this is a row of HXL tags: cells are empty or begin with `#`.
    pub(crate) fn is_tags(&self) -> bool {
        let mut cells = (0..self.len())
            .map(|i| self.cell(i))
            .filter(|cell| !cell.is_empty());
        let first = cells.next();
        first.is_some_and(|cell| cell.starts_with(b"#")) && cells.all(|cell| cell.starts_with(b"#"))
    }

    /// A field without its quotes and the white space around it; empty where there is none.
    pub(crate) fn cell(&self, index: usize) -> Cow<'_, [u8]> {
        let Some(field) = self.fields.get(index) else {
            return Cow::Borrowed(&[]);
        };
        let text = self.bytes[field.from..field.to].trim_ascii();
        if !field.doubled {
            return Cow::Borrowed(text);
        }
        let mut single = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = memchr(b'"', rest) {
            single.extend_from_slice(&rest[..=at]);
            rest = rest.get(at + 2..).unwrap_or(&[]);
        }
        single.extend_from_slice(rest);
        Cow::Owned(single)
    }
}

/// Looks for one whole record at the start of `bytes` and notes its fields.
fn scan(bytes: &[u8], at_end: bool, delimiter: u8, fields: &mut Vec<Field>) -> Scan {
    fields.clear();
    match bytes {
        [] if at_end => return Scan::End,
        [b'\n', ..] => return Scan::Blank { len: 1 },
        [b'\r', b'\n', ..] => return Scan::Blank { len: 2 },
        [b'\r'] if at_end => return Scan::Blank { len: 1 },
        _ => {}
    }
    let unfinished = |class| {
        if at_end || bytes.len() > MAX_RECORD_BYTES {
            Scan::Broken(class)
        } else {
            Scan::More
        }
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
            return whole(&bytes[..(stop + 1).min(bytes.len())], quotes);
        }
        from = stop + 1;
    }
}

/// A record that ends here, unless it spans more lines than any record does.
fn whole(record: &[u8], quotes: bool) -> Scan {
    let lines = if quotes {
        memchr_iter(b'\n', record).count() as u64
    } else {
        1
    };
    if lines > MAX_RECORD_LINES {
        return Scan::Broken(Class::UnclosedQuote);
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

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
