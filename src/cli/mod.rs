//! The command line: one file per subcommand. The only floor that knows the environment.

mod backtest;
mod check;
mod demo;
mod explain;
mod init;
mod output;
mod read;
mod run;
mod sql;
mod synth;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use forewarn_models::units::Seed;

use crate::base::day::Day;
use crate::base::error::{Error, Result};
use crate::base::progress::Progress;
use crate::base::session::Limits;

use output::Output;

const EXIT_CODES: &str = "\
Exit codes: 0 published; 1 failed, nothing changed; 2 usage or settings; 3 ran, but a quality gate \
refused publication and the last layer stays; 4 another run holds the lock; 75 an input is not \
there yet, retry later; 130 or 143 ended by a signal.";

/// Early warning of conflict-related sexual violence: ranked risk zones, every night.
#[derive(Debug, Parser)]
#[command(name = "forewarn", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the bundled synthetic mission as a mission folder and run it
    Demo(demo::Arguments),
    /// Make a new mission folder: commented mission.toml, sources told from the files
    Init(init::Arguments),
    /// Check settings, inputs, freshness and write access, with the fix for each finding
    Check(check::Arguments),
    /// One night: read, detect, rank, publish
    Run(run::Arguments),
    /// The way of a zone or an incident through every stage
    Explain(explain::Arguments),
    /// Forecasts of past periods, scored beside baselines
    Backtest(backtest::Arguments),
    /// Read-only SQL over the mission's tables, with the H3 functions
    Sql(sql::Arguments),
    /// A generated mission with a known truth
    Synth(synth::Arguments),
    /// Decodes a container for a process that started this one
    #[command(name = crate::sources::foreign::SUBCOMMAND, hide = true)]
    Read(read::Arguments),
}

/// Options of every command.
#[derive(Debug, Args)]
struct Options {
    /// Result as JSON on standard output
    #[arg(long, global = true)]
    json: bool,
    /// Threads to work with [default: all]
    #[arg(long, global = true, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Memory that statements may hold before they spill, such as 512M or 2G
    #[arg(long, global = true, value_name = "SIZE", default_value = "1G", value_parser = size)]
    memory: usize,
    /// Seed of every random number
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Nothing but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// More on standard error
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// How the log on standard error is written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human)]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormat {
    Human,
    Json,
}

impl Options {
    fn limits(&self) -> Limits {
        let all = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Limits {
            threads: self.threads.unwrap_or_else(all),
            memory_bytes: self.memory,
        }
    }

    fn seed(&self) -> Seed {
        Seed(self.seed)
    }

    fn progress(&self, steps: u64) -> Progress {
        Progress::new(steps, self.quiet || self.json)
    }

    fn output(&self) -> Output {
        Output {
            json: self.json,
            quiet: self.quiet,
        }
    }
}

/// Runs the command line and gives its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    // Before anything else is started: it works alone, within limits.
    if let Command::Read(arguments) = &cli.command {
        return read::run(arguments);
    }
    start_log(&cli.options);
    let result =
        forewarn_models::threads::limited(cli.options.limits().threads, || match &cli.command {
            Command::Demo(arguments) => demo::run(arguments, &cli.options),
            Command::Init(arguments) => init::run(arguments, &cli.options),
            Command::Check(arguments) => check::run(arguments, &cli.options),
            Command::Run(arguments) => run::run(arguments, &cli.options),
            Command::Explain(arguments) => explain::run(arguments, &cli.options),
            Command::Backtest(arguments) => backtest::run(arguments, &cli.options),
            Command::Sql(arguments) => sql::run(arguments, &cli.options),
            Command::Synth(arguments) => synth::run(arguments, &cli.options),
            Command::Read(_) => Ok(()),
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli.options.output().error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// Log lines go to standard error; counts and names of stages only, never a place or a row.
fn start_log(options: &Options) {
    let level = match (options.quiet, options.verbose) {
        (true, _) => tracing::Level::ERROR,
        (_, 0) => tracing::Level::WARN,
        (_, 1) => tracing::Level::INFO,
        _ => tracing::Level::DEBUG,
    };
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_writer(std::io::stderr);
    // A second subscriber can only come from a test in the same process: the first one stays.
    let _ = match options.log_format {
        LogFormat::Human => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

/// Where `$FOREWARN_DATA` points, read here once.
#[allow(
    clippy::disallowed_methods,
    reason = "cli is the floor that knows the environment"
)]
fn data_folder() -> Option<PathBuf> {
    std::env::var("FOREWARN_DATA").ok().map(PathBuf::from)
}

/// Today's date in UTC. A night never asks for it: it is for a person who asks whether all is well.
#[allow(
    clippy::disallowed_methods,
    reason = "cli is the floor that knows the time"
)]
fn today() -> Day {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since.map_or(0, |since| since.as_secs() / 86_400);
    Day(i32::try_from(days).unwrap_or(i32::MAX))
}

/// This program, which is started again to decode what others packed.
fn helper() -> Result<PathBuf> {
    let path = std::path::Path::new("/proc/self/exe");
    std::env::current_exe().map_err(Error::io(path, "tell where this program lies"))
}

/// An as-of date of the command line.
fn as_of(text: &str) -> std::result::Result<Day, String> {
    Day::parse_iso(text)
        .filter(|_| text.len() == 10)
        .ok_or_else(|| "must be YYYY-MM-DD".to_owned())
}

/// Bytes from a number with K, M or G behind it.
fn size(text: &str) -> std::result::Result<usize, String> {
    let (digits, unit) = match text.to_ascii_uppercase().trim_end_matches('B') {
        t if t.ends_with('K') => (t.trim_end_matches('K').to_owned(), 1 << 10),
        t if t.ends_with('M') => (t.trim_end_matches('M').to_owned(), 1 << 20),
        t if t.ends_with('G') => (t.trim_end_matches('G').to_owned(), 1 << 30),
        t => (t.to_owned(), 1),
    };
    let number: usize = digits
        .parse()
        .map_err(|_not| "must be like 512M or 2G".to_owned())?;
    number
        .checked_mul(unit)
        .ok_or_else(|| "is too large".to_owned())
}

/// Stops where a folder that should be new holds a mission already.
fn refuse_existing_mission(folder: &std::path::Path) -> Result<()> {
    if folder.join("mission.toml").exists() {
        return Err(Error::Usage {
            what: format!("{} holds a mission already", folder.display()),
            expected: "name another folder, or remove this one".to_owned(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        assert_eq!(size("512M"), Ok(512 << 20));
        assert_eq!(size("2GB"), Ok(2 << 30));
        assert_eq!(size("77"), Ok(77));
        assert!(size("two").is_err());
    }

    #[test]
    fn as_of_dates_are_whole_days() {
        assert!(as_of("2021-03-31").is_ok());
        assert!(as_of("2021-03-31T00:00").is_err());
        assert!(as_of("2021-02-30").is_err());
    }
}
