//! What a night reads: files, held against the ledger, counted while they stream by.

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::base::Context;
use crate::base::error::Result;
use crate::ledger::Ledger;
use crate::tables::{
    Balance, Boundaries, FileCount, Gate, Intake, Overlap, Piece, Places, Rejections, Surroundings,
    Vintage,
};
use crate::{gates, index, sources};

/// Where the inputs lie, and the program that decodes what others packed.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The mission's folder.
    pub mission: &'a Path,
    /// The data folder, where there is one.
    pub data: Option<&'a Path>,
    /// See [`sources::Reading::helper`].
    pub helper: Option<&'a Path>,
}

/// Reads the inputs while someone takes their incidents, piece by piece: ten million need not be in memory at
/// once. Pieces come in the order of the files.
fn read_in_pieces(
    context: &Context,
    inputs: Inputs<'_>,
    take: impl FnMut(Piece) -> Result<()>,
) -> Result<Intake> {
    let (onward, pieces) = sync_channel(1);
    let (settings, as_of) = (&context.settings, Some(context.as_of));
    let Inputs {
        mission,
        data,
        helper,
    } = inputs;
    let (taken, read) = thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut intake = Intake {
                onward: Some(onward),
                ..Intake::default()
            };
            sources::read_into(settings, as_of, mission, data, helper, &mut intake)?;
            intake.hand_on_all();
            intake.onward = None;
            Ok(intake)
        });
        let taken = pieces.iter().try_for_each(take);
        drop(pieces);
        (taken, reading.join())
    });
    let intake = read.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    taken.map(|()| intake)
}

/// Reads the inputs while the index counts their incidents as the files tell them, the ledger left out.
///
/// # Errors
/// Where a file cannot be taken as a whole, or a statement fails.
pub fn read_and_count(context: &Context, inputs: Inputs<'_>) -> Result<(Intake, index::Counts)> {
    let mut counts = index::Counts::default();
    let intake = read_in_pieces(context, inputs, |piece| {
        counts.know(context, &piece.middles)?;
        counts.add(context, piece.incidents)
    })?;
    Ok((intake, counts))
}

/// What is known on the night's day, as finished tables.
pub(super) struct Read {
    pub(super) known_digest: String,
    pub(super) places: Places,
    pub(super) surroundings: Surroundings,
    pub(super) overlaps: Vec<Overlap>,
    pub(super) boundaries: Boundaries,
    pub(super) rejections: Rejections,
    pub(super) files: Vec<FileCount>,
    pub(super) balances: Vec<Balance>,
    pub(super) believed: Gate,
    pub(super) vintages: Vec<Vintage>,
    pub(super) news: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl Read {
    /// Reads the files, holds them against the ledger, and counts what is known, all at once. What is new is
    /// written down where `writes`.
    pub(super) fn all(
        context: &Context,
        inputs: Inputs<'_>,
        writes: bool,
    ) -> Result<(Self, index::Counts)> {
        context.progress.stage("sources");
        let merges = sources::tell_of_incidents(&context.settings) > 1;
        let mut ledger = Ledger::open(context, inputs.mission, merges, writes)?;
        let mut counts = index::Counts::with_facts();
        let mut intake = read_in_pieces(context, inputs, |piece| {
            ledger.withdraw(piece.withdrawals);
            counts.know(context, &piece.middles)?;
            counts.add(context, ledger.take(piece.incidents)?)
        })?;
        intake.files.sort();
        let balance = balance(&intake.files)?;
        let believed = gates::believe(context, &intake.files)?;
        context.progress.stage("ledger");
        let known = ledger.finish(&intake.files)?;
        counts.add(context, known.incidents)?;
        let read = Self {
            known_digest: known.digest,
            overlaps: known.overlaps,
            surroundings: Surroundings::take(&mut intake),
            places: Places::new(intake.places),
            boundaries: Boundaries::new(intake.areas),
            rejections: Rejections::new(intake.rejections),
            notes: intake.notes,
            files: intake.files,
            balances: vec![balance, known.balance],
            believed,
            vintages: known.vintages,
            news: known.news,
        };
        Ok((read, counts))
    }
}

/// Rows of all files together: taken, left aside or rejected, none is neither.
fn balance(files: &[FileCount]) -> Result<Balance> {
    let sum = |count: fn(&FileCount) -> u64| {
        let counts = files.iter().map(count);
        counts.map(|n| i64::try_from(n).unwrap_or(i64::MAX)).sum()
    };
    let came_out = [
        ("taken", sum(|file| file.rows_taken)),
        ("left_aside", sum(|file| file.rows_left_aside)),
        ("rejected", sum(|file| file.rows_rejected)),
    ];
    Balance::close("sources", "rows", sum(|file| file.rows_read), came_out)
}
