//! Workbooks are archives of XML: what an archive may hold is looked at before anything opens it.
//!
//! Every entry is unpacked once into nothing, because a central directory can lie about sizes, and
//! every XML part is walked once, because entities, depth and attributes cost their reader dearly.

use std::fs::File;
use std::io::{BufReader, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::{Stop, refuse};
use crate::base::settings::Limits;

const MIB: u64 = 1 << 20;
/// Most entries: a workbook of a hundred sheets with their relations stays below.
const MAX_ENTRIES: usize = 2000;
const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 256;
/// How an archive or a compressed stream within an archive begins.
const NESTED: [&[u8]; 6] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
];
/// Entries that are no more than this may be as empty as they like.
const SMALL_BYTES: u64 = MIB;
const HARMLESS: &str = "a workbook as its program saved it, and nothing packed into it";

/// Which workbook an archive is.
pub(super) enum Packed {
    Xlsx,
    Ods,
}

/// Looks at everything an archive holds.
pub(super) fn check(file: &File, limits: &Limits) -> Result<Packed, Stop> {
    let broken = |_why| Stop::Refused("a damaged archive".to_owned(), HARMLESS);
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        return refuse("an archive of too many entries", HARMLESS);
    }
    if archive.has_duplicate_names() || archive.has_overlapping_entries().map_err(broken)? {
        return refuse("an archive whose entries lie over each other", HARMLESS);
    }
    let mut unpacked = 0_u64;
    let mut kind = None;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(broken)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let leaves = name.starts_with(['/', '\\'])
            || name.contains([':', '\0'])
            || name.split(['/', '\\']).any(|part| part == "..");
        if leaves || entry.is_symlink() || entry.encrypted() {
            return refuse(
                "an archive that points out of itself or is locked",
                HARMLESS,
            );
        }
        let (size, compressed) = (entry.size(), entry.compressed_size());
        unpacked = unpacked.saturating_add(size);
        let ratio = u64::from(limits.unpacked_ratio);
        if size > SMALL_BYTES && size / compressed.max(1) > ratio {
            return refuse(
                format!("an archive that unpacks to more than {ratio} times its size"),
                "a smaller file, or a larger limits.unpacked_ratio",
            );
        }
        kind = match name.as_str() {
            "xl/workbook.xml" => Some(Packed::Xlsx),
            "content.xml" => kind.or(Some(Packed::Ods)),
            _ => kind,
        };
    }
    if unpacked > u64::from(limits.unpacked_mib) * MIB {
        let mib = limits.unpacked_mib;
        return refuse(
            format!("an archive that unpacks to more than {mib} MiB"),
            "a smaller file, or a larger limits.unpacked_mib",
        );
    }
    for at in 0..archive.len() {
        entry(&mut archive, at)?;
    }
    kind.map_or_else(
        || refuse("an archive that is no workbook", super::workbook::EXPECTED),
        Ok,
    )
}

/// Unpacks one entry to its announced end, and no further.
fn entry(archive: &mut ZipArchive<BufReader<&File>>, at: usize) -> Result<(), Stop> {
    let damaged = || Stop::Refused("a damaged archive".to_owned(), HARMLESS);
    let mut entry = archive.by_index(at).map_err(|_why| damaged())?;
    let size = entry.size();
    let name = entry.name_raw().to_ascii_lowercase();
    let mut head = Vec::new();
    let mut start = entry.by_ref().take(8);
    start.read_to_end(&mut head).map_err(|_why| damaged())?;
    if NESTED.iter().any(|magic| head.starts_with(magic)) {
        return refuse("an archive within an archive", HARMLESS);
    }
    let seen = head.len() as u64;
    let rest = entry.by_ref().take((size + 1).saturating_sub(seen));
    let mut whole = Counted(head.chain(rest), 0);
    if name.ends_with(b".xml") || name.ends_with(b".rels") {
        markup(&mut whole)?;
    }
    std::io::copy(&mut whole, &mut std::io::sink()).map_err(|_why| damaged())?;
    if whole.1 == size {
        Ok(())
    } else {
        Err(damaged())
    }
}

/// Counts what is read through it.
struct Counted<R>(R, u64);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(out)?;
        self.1 += read as u64;
        Ok(read)
    }
}

/// Walks one XML part: no document type, so no entities; bounded depth and attributes.
fn markup(part: &mut impl Read) -> Result<(), Stop> {
    let bad = |what: &str| refuse(what, HARMLESS);
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    let mut depth = 0_usize;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let tag = match &event {
            Ok(Event::Start(tag)) => {
                depth += 1;
                Some(tag)
            }
            Ok(Event::Empty(tag)) => Some(tag),
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                None
            }
            Ok(Event::DocType(_)) => return bad("XML with a document type"),
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) | Err(_) => return bad("damaged XML"),
            Ok(_) => None,
        };
        let attributes = tag.map_or(0, |tag| {
            let mut attributes = tag.attributes();
            let attributes = attributes.with_checks(false);
            attributes.take(MAX_ATTRIBUTES + 1).count()
        });
        if depth > MAX_DEPTH || attributes > MAX_ATTRIBUTES {
            return bad("XML too deep, or with too many attributes");
        }
    }
}
