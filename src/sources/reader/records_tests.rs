//! The cutter against the `csv` crate where that one is right, and by hand where it joins lines.

use std::io::{self, Read};

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::encoding::Decoded;
use super::*;
use crate::base::settings::Limits;

const MAX_RECORD_BYTES: usize = 1024 * 1024;
const MAX_RECORD_LINES: u64 = 1000;

fn limits() -> Most {
    Most::of(&Limits::default())
}

/// What one pass over a file gives.
#[derive(Debug, PartialEq, Eq)]
enum Got {
    Row(u64, Vec<Vec<u8>>),
    Broken(u64, Class),
    Entangled(u64),
}

/// A reader that gives a few bytes at a time.
struct Drips<'a> {
    bytes: &'a [u8],
    most: usize,
}

impl Read for Drips<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let len = self.most.min(into.len());
        (&mut self.bytes).take(len as u64).read(into)
    }
}

fn cut(bytes: &[u8], most: usize) -> Vec<Got> {
    let mut records = Records::new(Drips { bytes, most }, limits()).unwrap();
    let mut got = Vec::new();
    loop {
        match records.next().unwrap() {
            Cut::End => return got,
            Cut::Broken(line, class) => got.push(Got::Broken(line, class)),
            Cut::Entangled(line) => {
                got.push(Got::Entangled(line));
                return got;
            }
            Cut::Record(record) => {
                let cells = (0..record.len()).map(|i| record.cell(i).into_owned());
                got.push(Got::Row(record.line, cells.collect()));
            }
        }
    }
}

fn whole(bytes: &[u8]) -> Vec<Got> {
    cut(bytes, usize::MAX)
}

fn row(line: u64, cells: &[&str]) -> Got {
    let cells = cells.iter().map(|cell| cell.as_bytes().to_vec());
    Got::Row(line, cells.collect())
}

/// What the `csv` crate makes of the same bytes, white space around fields left out as ours is.
fn by_csv_crate(bytes: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(bytes);
    let fields = |record: csv::ByteRecord| -> Vec<Vec<u8>> {
        record.iter().map(|f| f.trim_ascii().to_vec()).collect()
    };
    reader.byte_records().map(|r| fields(r.unwrap())).collect()
}

/// A field's text, and whether it is quoted without need.
type SheetField = (String, bool);

/// A generated file: header and rows, how each line ends, what stands between them.
#[derive(Debug, Clone)]
struct Sheet {
    delimiter: u8,
    /// Per row: its fields, whether each is quoted without need, CRLF, and a blank line behind it.
    rows: Vec<(Vec<SheetField>, bool, bool)>,
    mark: bool,
    final_line_end: bool,
}

impl Sheet {
    fn line(&self, fields: &[(String, bool)]) -> String {
        let special = ['"', '\n', '\r', char::from(self.delimiter)];
        let written = fields.iter().map(|(field, quoted)| {
            if *quoted || field.contains(special) {
                format!("\"{}\"", field.replace('"', "\"\""))
            } else {
                field.clone()
            }
        });
        let written: Vec<String> = written.collect();
        written.join(&char::from(self.delimiter).to_string())
    }

    /// The bytes, and the physical line on which each record starts.
    fn written(&self) -> (Vec<u8>, Vec<u64>) {
        let header = ["one", "two", "three"].join(&char::from(self.delimiter).to_string());
        let mut text = format!("{}{header}\n", if self.mark { "\u{feff}" } else { "" });
        let mut starts = vec![1];
        for (fields, crlf, blank) in &self.rows {
            starts.push(1 + text.matches('\n').count() as u64);
            let end = if *crlf { "\r\n" } else { "\n" };
            text += &self.line(fields);
            text += end;
            text += if *blank { end } else { "" };
        }
        if !self.final_line_end {
            text.truncate(text.trim_end_matches(['\n', '\r']).len());
        }
        (text.into_bytes(), starts)
    }
}

fn sheet() -> impl Strategy<Value = Sheet> {
    let field = ("[aé \",;\t\n\r#]{0,7}", any::<bool>());
    let row = (vec(field, 2..5), any::<bool>(), prop::bool::weighted(0.1));
    let delimiter = prop::sample::select(&b",;\t"[..]);
    (delimiter, vec(row, 0..12), any::<bool>(), any::<bool>()).prop_map(
        |(delimiter, rows, mark, final_line_end)| Sheet {
            delimiter,
            rows,
            mark,
            final_line_end,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn well_formed_files_are_cut_as_the_csv_crate_cuts_them(sheet in sheet(), most in 1_usize..40) {
        let (bytes, starts) = sheet.written();
        let rows = by_csv_crate(&bytes, sheet.delimiter);
        prop_assert_eq!(rows.len(), starts.len());
        let expected: Vec<Got> =
            starts.into_iter().zip(rows).map(|(line, cells)| Got::Row(line, cells)).collect();
        prop_assert_eq!(&cut(&bytes, most), &expected);
        prop_assert_eq!(&whole(&bytes), &expected);
    }

    #[test]
    fn no_bytes_make_the_cutter_panic_or_depend_on_how_they_arrive(
        bytes in vec(prop::sample::select(&b"\"\"\"a,;\n\n\r \xe9"[..]), 0..200), most in 1_usize..40
    ) {
        prop_assert_eq!(cut(&bytes, most), whole(&bytes));
    }
}

#[test]
fn an_unclosed_quote_costs_its_own_line_only_where_the_csv_crate_loses_the_next_ones() {
    let text = b"id,name\n1,\"open\n2,b\n3,\"c\"\n4,d\n";
    let expected = [
        row(1, &["id", "name"]),
        Got::Broken(2, Class::TextAfterQuote),
        row(3, &["2", "b"]),
        row(4, &["3", "c"]),
        row(5, &["4", "d"]),
    ];
    assert_eq!(whole(text), expected);
    // Rows 2 and 3 are gone there, without a word: the reason to cut records ourselves.
    let theirs = by_csv_crate(text, b',');
    let ids: Vec<&[u8]> = theirs.iter().map(|cells| cells[0].as_slice()).collect();
    assert_eq!(ids, [&b"id"[..], b"1", b"4"]);
    assert_eq!(theirs[1][1], b"open\n2,b\n3,c\"");
}

#[test]
fn a_quote_that_never_closes_costs_its_own_line_only() {
    let text = b"id,name\n1,\"open\n2,b\n3,c";
    let expected = [
        row(1, &["id", "name"]),
        Got::Broken(2, Class::UnclosedQuote),
        row(3, &["2", "b"]),
        row(4, &["3", "c"]),
    ];
    assert_eq!(whole(text), expected);
    assert_eq!(by_csv_crate(text, b',').len(), 2);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name_even_before_a_quote() {
    let text = b"\xEF\xBB\xBF\"id\";name\n1;a\n";
    assert_eq!(cut(text, 1), [row(1, &["id", "name"]), row(2, &["1", "a"])]);
}

#[test]
fn mixed_line_ends_and_blank_lines_are_counted_as_an_editor_counts_them() {
    let text = b"\r\nid,name\r\n\n1,a\n\r\n2,\"b\r\nb\"\r\n3,c\r";
    let expected = [
        row(2, &["id", "name"]),
        row(4, &["1", "a"]),
        row(6, &["2", "b\r\nb"]),
        row(8, &["3", "c"]),
    ];
    assert_eq!(whole(text), expected);
    assert_eq!(cut(text, 1), expected);
}

#[test]
fn records_longer_than_a_chunk_are_whole() {
    let long = "x".repeat(3 * CHUNK_BYTES);
    let quoted = "say \"\"so\"\", ".repeat(CHUNK_BYTES / 8);
    let text = format!("id,name\n1,{long}\n2,\"{quoted}\"\n3,c\n");
    let rows = by_csv_crate(text.as_bytes(), b',');
    let expected: Vec<Got> = (1..)
        .zip(rows)
        .map(|(i, cells)| Got::Row(i, cells))
        .collect();
    assert_eq!(expected.len(), 4);
    for most in [CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, usize::MAX] {
        assert!(
            cut(text.as_bytes(), most) == expected,
            "at most {most} bytes at once"
        );
    }
}

/// A file whose second row has one quoted field of `text`.
fn with_field(text: &str) -> Vec<u8> {
    format!("id,name\n1,\"{text}\"\n2,b\n").into_bytes()
}

#[test]
fn a_record_of_as_many_lines_as_allowed_is_one_and_of_more_spoils_its_file() {
    let lines = |n: u64| with_field(&"3,c\n".repeat(usize::try_from(n).unwrap() - 1));
    let fits = whole(&lines(MAX_RECORD_LINES));
    assert_eq!(fits.len(), 3);
    assert_eq!(fits[2], row(1002, &["2", "b"]));
    let broken = whole(&lines(MAX_RECORD_LINES + 1));
    assert_eq!(broken[1], Got::Broken(2, Class::UnclosedQuote));
    assert_eq!(broken.last(), Some(&Got::Entangled(2)));
}

#[test]
fn a_field_past_the_limits_spoils_its_file_and_a_forgotten_quote_does_not() {
    let lines = "3,c\n".repeat(MAX_RECORD_BYTES / 4 + 1);
    for end in ["", "said \"\"so\"\"\n", "\n\"\"\n", ",x\n"] {
        let got = whole(&with_field(&format!("{lines}{end}")));
        assert_eq!(got.last(), Some(&Got::Entangled(2)), "{end:?}");
    }
    let forgotten = format!("id,name\n1,\"open\n{lines}4,\"quoted \"\"d\"\"\"\n5,e\n");
    let got = whole(forgotten.as_bytes());
    assert_eq!(got[1], Got::Broken(2, Class::UnclosedQuote));
    let n_lines = lines.lines().count() as u64;
    let last = [
        row(3 + n_lines, &["4", "quoted \"d\""]),
        row(4 + n_lines, &["5", "e"]),
    ];
    assert_eq!(got[got.len() - 2..], last);
    assert_eq!(got.len() as u64, n_lines + 4);
}

#[test]
fn a_giant_field_on_one_line_costs_its_row_only() {
    let text = format!("id,name\n1,\"{}\"\n2,\"b\"x\n3,c\n", "x".repeat(3 << 20));
    let due = [
        row(1, &["id", "name"]),
        Got::Broken(2, Class::UnclosedQuote),
        Got::Broken(3, Class::TextAfterQuote),
        row(4, &["3", "c"]),
    ];
    assert!(whole(text.as_bytes()) == due);
}

#[test]
fn the_longest_record_is_the_same_however_its_bytes_arrive() {
    for (over, quote) in [(0, ""), (1, ""), (0, "\""), (1, "\"")] {
        let len = MAX_RECORD_BYTES - 2 - 2 * quote.len() + over;
        let text = format!("id,name\n1,{quote}{}{quote}\n2,b\n", "x".repeat(len));
        let class = if quote.is_empty() {
            Class::TooLong
        } else {
            Class::UnclosedQuote
        };
        for most in [CHUNK_BYTES + 7, usize::MAX] {
            let got = cut(text.as_bytes(), most);
            assert_eq!(
                got[1] == Got::Broken(2, class),
                over == 1,
                "{quote} {over} {most}"
            );
            assert_eq!(got[2], row(3, &["2", "b"]));
            assert_eq!(got.len(), 3);
        }
    }
}

proptest! {
    /// Inside a field past the limits nothing is cut that could be taken for a row without the file
    /// being refused.
    #[test]
    fn no_field_past_the_limits_passes_unseen(
        lines in vec("[a-c0-9,;\" ]{0,12}", 6..40), most in 1_usize..9,
    ) {
        let text = lines.join("\n").replace('"', "\"\"");
        let bytes = with_field(&text);
        let limits = Most { bytes: 1 << 20, lines: 4 };
        let mut records = Records::new(Drips { bytes: &bytes, most }, limits).unwrap();
        let entangled = loop {
            match records.next().unwrap() {
                Cut::End => break false,
                Cut::Entangled(_) => break true,
                _ => {}
            }
        };
        prop_assert!(entangled);
    }
}

#[test]
fn a_lone_carriage_return_within_a_row_is_seen() {
    let mut records = Records::new(&b"a,b\n1,2\r3,4\r\n\"5\r\",6\r\n"[..], limits()).unwrap();
    let mut seen = Vec::new();
    while let Cut::Record(record) = records.next().unwrap() {
        seen.push(record.has_lone_return());
    }
    assert_eq!(seen, [false, true, false]);
}

#[test]
fn the_digest_is_of_every_byte_whatever_was_read_of_it() {
    let text = b"id,name\n1,\"open\n2,b\n";
    let drips = Drips {
        bytes: text,
        most: 5,
    };
    let mut records = Records::new(Decoded::new(drips, None).unwrap(), limits()).unwrap();
    assert!(matches!(records.next().unwrap(), Cut::Record(_)));
    let digest = records.finish().unwrap().digest();
    assert_eq!(digest, blake3::hash(text).to_hex().to_string());
}
