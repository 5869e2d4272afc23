//! Progress bars on a terminal; nothing anywhere else.

use std::borrow::Cow;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows which stage runs, on standard error, where that is a terminal.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar of `stages` steps, or none where `quiet` or not on a terminal.
    #[must_use]
    pub fn new(stages: u64, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
            };
        }
        let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        Self {
            bar: ProgressBar::new(stages).with_style(style),
        }
    }

    /// Names the stage that begins.
    pub fn stage(&self, name: impl Into<Cow<'static, str>>) {
        self.bar.set_message(name);
        self.bar.inc(1);
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
