//! The fixes of a `GPX` file, one after the other: nothing else of it is ever kept.
//!
//! A file is refused whole where it declares a document type (and with it entities of its own), nests
//! deeper than [`MAX_DEPTH`], or says more in one piece, or in more kinds of elements, than a track
//! has to say. A reference to an entity is never resolved: where one stands, there is no value.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use memchr::memchr_iter;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::Prefix;
use quick_xml::reader::Reader;

use crate::base::digest;
use crate::base::error::{Error, Result};

const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 256;
const MAX_NAMES: usize = 1000;
const MAX_PIECE_BYTES: usize = 1024 * 1024;
/// A track point and its time stand at these depths.
const POINT: [&str; 4] = ["gpx", "trk", "trkseg", "trkpt"];
const TIME: &str = "time";

/// One fix as the file tells it, not yet checked.
#[derive(Debug, Default)]
pub(super) struct Fix {
    /// Physical line on which it starts.
    pub(super) line: u64,
    pub(super) lat: Option<String>,
    pub(super) lon: Option<String>,
    pub(super) time: Option<String>,
}

/// Why a file is refused whole.
#[derive(Debug)]
pub(super) struct Refused {
    line: u64,
    what: &'static str,
}

impl Refused {
    /// The reason as an error that names the file.
    pub(super) fn told(self, path: &Path) -> Error {
        Error::File {
            path: path.to_path_buf(),
            line: Some(self.line),
            what: self.what.to_owned(),
            expected: "a whole GPX file in UTF-8 with tracks".to_owned(),
        }
    }
}

/// A file of tracks, being read.
pub(super) struct Track {
    reader: Reader<Watched>,
    buffer: Vec<u8>,
    /// Local names of the elements that are open; empty for what is not of the root's namespace.
    open: Vec<String>,
    /// Prefix of the root's namespace.
    prefix: Option<String>,
    /// Local names of all elements so far.
    names: BTreeSet<String>,
    fix: Option<Fix>,
    seen_root: bool,
}

impl Track {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path, "read the file"))?;
        Ok(Self {
            reader: Reader::from_reader(Watched::new(file)),
            buffer: Vec::new(),
            open: Vec::new(),
            prefix: None,
            names: BTreeSet::new(),
            fix: None,
            seen_root: false,
        })
    }

    /// The next fix, or nothing at the end.
    pub(super) fn next(&mut self) -> std::result::Result<Option<Fix>, Refused> {
        loop {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let watched = self.reader.get_mut();
            watched.since = 0;
            let line = watched.line;
            let step = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => self.step(&event, line),
                Err(quick_xml::Error::Io(_)) => Err("unreadable, or more than 1 MiB in one piece"),
                Err(_why) => Err("not well-formed XML"),
            };
            self.buffer = buffer;
            let line = self.reader.get_mut().line;
            match step.map_err(|what| Refused { line, what })? {
                Step::On => {}
                Step::Fix(fix) => return Ok(Some(fix)),
                Step::End => return Ok(None),
            }
        }
    }

    /// Names of all elements, and the digest of the file to its last byte.
    pub(super) fn close(self) -> io::Result<(BTreeSet<String>, String)> {
        let mut watched = self.reader.into_inner();
        loop {
            watched.since = 0;
            match watched.fill_buf()?.len() {
                0 => return Ok((self.names, digest::hex(&watched.hasher))),
                n => watched.consume(n),
            }
        }
    }

    fn step(&mut self, event: &Event<'_>, line: u64) -> std::result::Result<Step, &'static str> {
        match event {
            Event::DocType(_) => return Err("a document type, which a track has none of"),
            Event::Start(start) => {
                self.enter(start)?;
                if self.open == POINT {
                    self.fix = Some(fix(start, line)?);
                }
            }
            Event::Empty(start) => {
                self.enter(start)?;
                let is_point = self.open == POINT;
                self.open.pop();
                if is_point {
                    return Ok(Step::Fix(fix(start, line)?));
                }
            }
            Event::End(_) => {
                let is_point = self.open == POINT;
                self.open.pop();
                if is_point && let Some(fix) = self.fix.take() {
                    return Ok(Step::Fix(fix));
                }
            }
            Event::Text(text) => self.say(text),
            Event::CData(text) => self.say(text),
            // What it stands for is not looked up; a letter that is in no time says so.
            Event::GeneralRef(_) => self.say("&"),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if self.open.is_empty() && self.seen_root => return Ok(Step::End),
            Event::Eof => return Err("it ends before its last element is closed"),
        }
        Ok(Step::On)
    }

    fn enter(&mut self, start: &BytesStart<'_>) -> std::result::Result<(), &'static str> {
        let (name, prefix) = start.name().decompose();
        let (name, prefix) = (name.into_inner(), prefix.map(Prefix::into_inner));
        if self.open.len() >= MAX_DEPTH {
            return Err("elements nested deeper than 64");
        }
        if start
            .attributes()
            .with_checks(false)
            .take(MAX_ATTRIBUTES + 1)
            .count()
            > MAX_ATTRIBUTES
        {
            return Err("an element with more than 256 attributes");
        }
        if self.open.is_empty() && (self.seen_root || name != POINT[0]) {
            return Err("another root element than one gpx");
        }
        if !self.seen_root {
            self.prefix = prefix.map(str::to_owned);
            self.seen_root = true;
        }
        if !self.names.contains(name) {
            self.names.insert(name.to_owned());
            if self.names.len() > MAX_NAMES {
                return Err("more than 1000 kinds of elements");
            }
        }
        let is_own = prefix == self.prefix.as_deref();
        self.open.push(if is_own {
            name.to_owned()
        } else {
            String::new()
        });
        Ok(())
    }

    /// Takes a piece of text where it is a track point's time.
    fn say(&mut self, text: &str) {
        let is_time = self
            .open
            .split_last()
            .is_some_and(|(last, rest)| last == TIME && rest == POINT);
        if is_time && let Some(fix) = &mut self.fix {
            fix.time.get_or_insert_default().push_str(text);
        }
    }
}

enum Step {
    On,
    Fix(Fix),
    End,
}

/// A point's coordinates, as its attributes spell them.
fn fix(start: &BytesStart<'_>, line: u64) -> std::result::Result<Fix, &'static str> {
    let mut fix = Fix {
        line,
        ..Fix::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_why| "attributes that are none, or come twice")?;
        match attribute.key.into_inner() {
            "lat" => fix.lat = Some(attribute.value.into_owned()),
            "lon" => fix.lon = Some(attribute.value.into_owned()),
            _ => {}
        }
    }
    Ok(fix)
}

/// A file that is hashed and whose lines are counted as it is read, and that gives no piece longer
/// than [`MAX_PIECE_BYTES`].
struct Watched {
    input: BufReader<File>,
    hasher: blake3::Hasher,
    /// Physical line of the next byte, 1-based.
    line: u64,
    /// Bytes given since the last piece began.
    since: usize,
}

impl Watched {
    fn new(file: File) -> Self {
        Self {
            input: BufReader::new(file),
            hasher: blake3::Hasher::new(),
            line: 1,
            since: 0,
        }
    }
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(into)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Watched {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > MAX_PIECE_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        let bytes = &self.input.buffer()[..n];
        self.hasher.update(bytes);
        self.line += memchr_iter(b'\n', bytes).count() as u64;
        self.since += n;
        self.input.consume(n);
    }
}
