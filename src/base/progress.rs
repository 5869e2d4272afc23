//! Progress bars on a terminal; nothing anywhere else.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::IsTerminal;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows which stage runs, on standard error, where that is a terminal; tells the log how long each
/// took. Durations go nowhere else: a snapshot holds none.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    began: Cell<Instant>,
}

impl Progress {
    /// A bar of `stages` steps, or none where `quiet` or not on a terminal.
    #[must_use]
    pub fn new(stages: u64, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self::with(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        Self::with(ProgressBar::new(stages).with_style(style))
    }

    fn with(bar: ProgressBar) -> Self {
        Self {
            bar,
            began: Cell::new(Instant::now()),
        }
    }

    /// Names the stage that begins.
    pub fn stage(&self, name: impl Into<Cow<'static, str>>) {
        self.lap();
        self.bar.set_message(name);
        self.bar.inc(1);
    }

    fn lap(&self) {
        let stage = self.bar.message();
        let took_s = self.began.replace(Instant::now()).elapsed().as_secs_f64();
        if !stage.is_empty() {
            tracing::info!(stage, took_s);
        }
    }
}

/// The bar goes when the work it shows ends.
impl Drop for Progress {
    fn drop(&mut self) {
        self.lap();
        self.bar.finish_and_clear();
    }
}
