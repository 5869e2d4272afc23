//! A container as its reader sees it: opened once, told apart by its digest, asked for rows.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{Container, Heading, Order, Wanted, child, decode, frames};
use crate::base::digest;
use crate::base::error::{Error, Result};
use crate::sources::Reading;

/// A container, opened once.
pub(in crate::sources) struct Foreign<'a> {
    path: &'a Path,
    file: File,
    container: Container,
    reading: &'a Reading<'a>,
    digest: String,
}

impl<'a> Foreign<'a> {
    pub(in crate::sources) fn open(
        path: &'a Path,
        file: File,
        container: Container,
        reading: &'a Reading<'a>,
    ) -> Result<Self> {
        let digest = digest_of(&file).map_err(Error::io(path, "read the file"))?;
        Ok(Self {
            path,
            file,
            container,
            reading,
            digest,
        })
    }

    /// What can be told of it before its rows.
    pub(in crate::sources) fn heading(&self) -> Result<Heading> {
        self.answer(Wanted::Heading, |_line, _cells| {})
    }

    /// Passes on the cells of these columns of every row, and gives the digest of what was read.
    pub(in crate::sources) fn rows(
        self,
        asked: Vec<usize>,
        row: impl FnMut(u64, Vec<Vec<u8>>),
    ) -> Result<String> {
        self.answer(Wanted::Rows(asked), row)?;
        self.unchanged()
    }

    /// Passes on every row's texts and, last, its polygons.
    pub(in crate::sources) fn shapes(
        self,
        row: impl FnMut(u64, Vec<Vec<u8>>),
    ) -> Result<(Vec<String>, String)> {
        let heading = self.answer(Wanted::Shapes, row)?;
        Ok((heading.names, self.unchanged()?))
    }

    /// The digest, if the file is still the one that was opened.
    fn unchanged(self) -> Result<String> {
        let now = digest_of(&self.file).map_err(Error::io(self.path, "read the file"))?;
        if now == self.digest {
            Ok(now)
        } else {
            let what = "changed while it was read".to_owned();
            Err(self.refused(what, "put files into the inbox whole, by renaming them"))
        }
    }

    fn refused(&self, what: String, expected: &str) -> Error {
        Error::File {
            path: self.path.to_path_buf(),
            line: None,
            what,
            expected: expected.to_owned(),
        }
    }

    /// Has an order carried out, by the child where there is one to start.
    fn answer(&self, wanted: Wanted, row: impl FnMut(u64, Vec<Vec<u8>>)) -> Result<Heading> {
        let order = Order {
            container: self.container,
            wanted,
            sheet: self.reading.settings.sheet.clone(),
            header_row: self.reading.settings.header_row,
            limits: self.reading.limits.clone(),
        };
        let unstarted = || Error::io(self.path, "start a process that reads the file");
        let file = self.file.try_clone().map_err(unstarted())?;
        let ended = match self.reading.helper {
            Some(helper) => child::run(helper, &order, file, row).map_err(unstarted())?,
            None => inside(&order, file, row),
        };
        match ended {
            Ended::Whole(heading) => Ok(heading),
            Ended::Refused([what, expected]) => Err(self.refused(what, &expected)),
            Ended::Late => {
                let seconds = order.limits.reader_seconds;
                let what = format!("not read within {seconds} seconds");
                Err(self.refused(what, "a smaller file, or a larger limits.reader_seconds"))
            }
            Ended::Broken => {
                let what = match self.container {
                    Container::Workbook => "not a readable workbook",
                    Container::Parquet => "not a readable Parquet file",
                };
                let what = format!("{what}: the process that reads it broke off");
                Err(self.refused(
                    what,
                    "a whole file, or a larger limits.reader_mib for a large one",
                ))
            }
        }
    }
}

/// How an order ended.
pub(super) enum Ended {
    Whole(Heading),
    Refused([String; 2]),
    /// The stream broke off: a crash, a panic, a limit.
    Broken,
    /// It was ended at its deadline.
    Late,
}

/// Follows a decoder's stream to its end.
pub(super) fn follow(input: &mut impl Read, mut row: impl FnMut(u64, Vec<Vec<u8>>)) -> Ended {
    let (mut heading, mut rows) = (None, 0);
    loop {
        match (frames::next(input), &heading) {
            (Ok(frames::Frame::Header(told)), None) => heading = Some(told),
            (Ok(frames::Frame::Row(line, cells)), Some(_)) => {
                rows += 1;
                row(line, cells);
            }
            (Ok(frames::Frame::End(told)), _) if told == rows => {
                return heading.map_or(Ended::Broken, Ended::Whole);
            }
            (Ok(frames::Frame::Refused(why)), _) => return Ended::Refused(why),
            _ => return Ended::Broken,
        }
    }
}

/// Carries an order out in this process, for tests of the library and for programs without one of
/// their own to start.
fn inside(order: &Order, file: File, row: impl FnMut(u64, Vec<Vec<u8>>)) -> Ended {
    let mut answer = Vec::new();
    let done = catch_unwind(AssertUnwindSafe(|| decode(order, file, &mut answer)));
    match done {
        Ok(Ok(())) => follow(&mut answer.as_slice(), row),
        _ => Ended::Broken,
    }
}

fn digest_of(mut file: &File) -> io::Result<String> {
    file.rewind()?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&mut file)?;
    file.rewind()?;
    Ok(digest::hex(&hasher))
}
