mod against_others;
mod feedback;
mod recovery;
mod simple;
