//! Bytes to records: one pass over a delimited text file that counts its lines and cuts records
//! and fields.
//!
//! Quoting is strict (RFC 4180): a quote opens at the start of a field only, and after it closes a
//! field ends. So a quote that someone forgot to close is found at the next quote, or at the mission's
//! limits of a row, and costs its own line only: cutting resumes at the next one. A lenient parser
//! would join such lines into one record without a word.
//!
//! Past the limits a forgotten quote and a field of giant length look alike, and the lines of such a
//! field are no rows. They differ in what follows: a forgotten quote is never closed. So after the
//! limits were passed once, the first sign of a closing quote makes the whole file unreadable.

use std::borrow::Cow;
use std::io::{self, Read};

use memchr::{memchr, memchr_iter};

use super::fault::Class;
pub(crate) use super::scan::Most;
use super::scan::{Field, Scan, has_quotes_amiss, is_quoted, scan};

const CHUNK_BYTES: usize = 64 * 1024;
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
    most: Most,
    /// Line of a quote that was still open at the limits.
    open_since: Option<u64>,
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
    /// A quote that opened on this line was still open at the limits, and another stands behind it:
    /// what is a row from there on cannot be told.
    Entangled(u64),
    /// Nothing: the stream has ended.
    End,
}

impl<R: Read> Records<R> {
    /// Starts reading, steps over a byte order mark, and takes as delimiter whichever of comma,
    /// semicolon and tab the first line has most of.
    pub(crate) fn new(input: R, most: Most) -> io::Result<Self> {
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
            most,
            open_since: None,
        };
        records.fill()?;
        while !records.at_end
            && records.filled < most.bytes
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
            let seen = left.min(self.most.bytes + 1);
            let bytes = &self.buffer[self.start..self.start + seen];
            let at_end = self.at_end && seen == left;
            let found = scan(bytes, at_end, self.delimiter, self.most, &mut self.fields);
            if let Some(line) = self.open_since
                && has_quotes_amiss(&found, bytes, &self.fields)
            {
                return Ok(Cut::Entangled(line));
            }
            match found {
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
                Scan::TooLong => {
                    let line = self.line;
                    // A field that is closed on its own line leaves no other line in doubt.
                    if self.skip_line()? % 2 == 1 {
                        self.open_since = Some(line);
                    }
                    return Ok(Cut::Broken(line, Class::UnclosedQuote));
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

    /// Passes over what is left of the line and counts its quotes.
    fn skip_line(&mut self) -> io::Result<usize> {
        let mut quotes = 0;
        loop {
            let bytes = &self.buffer[self.start..self.filled];
            let end = memchr(b'\n', bytes);
            quotes += memchr_iter(b'"', &bytes[..end.unwrap_or(bytes.len())]).count();
            if let Some(len) = end {
                self.start += len + 1;
                self.line += 1;
                return Ok(quotes);
            }
            self.start = self.filled;
            if self.at_end {
                return Ok(quotes);
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

    /// Whether a carriage return stands within an unquoted field: a line end that is none here.
    pub(crate) fn has_lone_return(&self) -> bool {
        let mut fields = self
            .fields
            .iter()
            .filter(|field| !is_quoted(self.bytes, field));
        fields.any(|field| {
            self.bytes[field.from..field.to]
                .trim_ascii()
                .contains(&b'\r')
        })
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

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
