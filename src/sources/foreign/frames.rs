//! What a decoder says, as a stream that its reader can check: a header, rows, and an end that
//! counts them, or a refusal. A stream that breaks off before its end is never taken for a file.

use std::io::{self, Read, Write};

/// Longest cell; only a shape comes near it.
const MAX_CELL_BYTES: u32 = 256 << 20;
/// Most columns, twice as many as a sheet can have.
const MAX_CELLS: u32 = 32_768;
/// Longest word of a refusal.
const MAX_WORDS: usize = 300;

/// One piece of the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Names of the columns, and what kind of thing the rows are.
    Header(Heading),
    /// A row as the user finds it, and its cells.
    Row(u64, Vec<Vec<u8>>),
    /// The end, and how many rows there were.
    End(u64),
    /// Why the file is not read: what is wrong, and what would be right.
    Refused([String; 2]),
}

/// What can be told of a file before its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) names: Vec<String>,
    /// Whether it has a column of geometry.
    pub(crate) has_geometry: bool,
    /// Whether that geometry may be areas.
    pub(crate) has_areas: bool,
}

fn broken() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn put(out: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    let len = u32::try_from(bytes.len()).map_err(|_long| broken())?;
    out.write_all(&len.to_le_bytes())?;
    out.write_all(bytes)
}

fn put_all<T: AsRef<[u8]>>(out: &mut dyn Write, cells: &[T]) -> io::Result<()> {
    let len = u32::try_from(cells.len()).map_err(|_long| broken())?;
    out.write_all(&len.to_le_bytes())?;
    cells.iter().try_for_each(|cell| put(out, cell.as_ref()))
}

/// Writes a header.
pub(super) fn header(out: &mut dyn Write, heading: &Heading) -> io::Result<()> {
    out.write_all(&[
        b'H',
        u8::from(heading.has_geometry),
        u8::from(heading.has_areas),
    ])?;
    put_all(out, &heading.names)
}

/// Writes a row.
pub(super) fn row<T: AsRef<[u8]>>(out: &mut dyn Write, line: u64, cells: &[T]) -> io::Result<()> {
    out.write_all(b"R")?;
    out.write_all(&line.to_le_bytes())?;
    put_all(out, cells)
}

/// Writes the end.
pub(super) fn end(out: &mut dyn Write, rows: u64) -> io::Result<()> {
    out.write_all(b"E")?;
    out.write_all(&rows.to_le_bytes())
}

/// Writes a refusal.
pub(super) fn refused(out: &mut dyn Write, what: &str, expected: &str) -> io::Result<()> {
    out.write_all(b"X")?;
    put_all(out, &[what, expected])
}

/// Reads the next piece.
pub(super) fn next(input: &mut impl Read) -> io::Result<Frame> {
    let [tag] = array(input)?;
    Ok(match tag {
        b'H' => {
            let [has_geometry, has_areas] = array(input)?;
            Frame::Header(Heading {
                names: texts(input)?,
                has_geometry: has_geometry == 1,
                has_areas: has_areas == 1,
            })
        }
        b'R' => Frame::Row(u64::from_le_bytes(array(input)?), cells(input)?),
        b'E' => Frame::End(u64::from_le_bytes(array(input)?)),
        b'X' => {
            let mut words = texts(input)?.into_iter().map(|word| plain(&word));
            let mut word = || words.next().ok_or_else(broken);
            Frame::Refused([word()?, word()?])
        }
        _ => return Err(broken()),
    })
}

fn array<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn cells(input: &mut impl Read) -> io::Result<Vec<Vec<u8>>> {
    let n = u32::from_le_bytes(array(input)?);
    if n > MAX_CELLS {
        return Err(broken());
    }
    (0..n).map(|_| cell(input)).collect()
}

/// Grows with what really comes, not with what is announced.
fn cell(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let len = u32::from_le_bytes(array(input)?);
    if len > MAX_CELL_BYTES {
        return Err(broken());
    }
    let mut bytes = Vec::new();
    input.take(len.into()).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == u64::from(len) {
        Ok(bytes)
    } else {
        Err(broken())
    }
}

fn texts(input: &mut impl Read) -> io::Result<Vec<String>> {
    let text = |bytes| String::from_utf8(bytes).map_err(|_bytes| broken());
    cells(input)?.into_iter().map(text).collect()
}

/// Words for a terminal: no control characters, not long.
fn plain(words: &str) -> String {
    let plain = words.chars().filter(|c| !c.is_control());
    plain.take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_read() {
        let heading = Heading {
            names: vec!["jour".to_owned(), String::new()],
            has_geometry: true,
            has_areas: false,
        };
        let mut bytes = Vec::new();
        header(&mut bytes, &heading).unwrap();
        row(&mut bytes, 7, &["2021-03-04", ""]).unwrap();
        end(&mut bytes, 1).unwrap();
        refused(&mut bytes, "a\u{1b}[2Jb", "c").unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(next(&mut input).unwrap(), Frame::Header(heading));
        let cells = vec![b"2021-03-04".to_vec(), Vec::new()];
        assert_eq!(next(&mut input).unwrap(), Frame::Row(7, cells));
        assert_eq!(next(&mut input).unwrap(), Frame::End(1));
        let words = ["a[2Jb".to_owned(), "c".to_owned()];
        assert_eq!(next(&mut input).unwrap(), Frame::Refused(words));
        assert!(next(&mut input).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_take_more_than_there_are(
            bytes in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            let mut input = bytes.as_slice();
            while let Ok(frame) = next(&mut input) {
                if let Frame::Row(_, cells) = frame {
                    let taken: usize = cells.iter().map(Vec::len).sum();
                    prop_assert!(taken <= bytes.len());
                }
            }
        }
    }
}
