//! The hidden subcommand that decodes one foreign container: it takes from itself what it does not
//! need, reads its standard input, and writes rows to its standard output.

use std::fs::File;
use std::io::{self, BufWriter};
use std::os::fd::AsFd;
use std::panic;
use std::process::ExitCode;

use clap::Args;
use rlimit::Resource;

use crate::base::settings::Limits;
use crate::sources::foreign;

/// Standard streams, and what the runtime keeps open.
const OPEN_FILES: u64 = 8;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to decode, as the process that starts this one says it
    order: String,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    // A panic's message can quote what was read.
    panic::set_hook(Box::new(|_panic| {}));
    match decode(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_gone) => ExitCode::FAILURE,
    }
}

fn decode(arguments: &Arguments) -> io::Result<()> {
    let order: foreign::Order = serde_json::from_str(&arguments.order)?;
    confine(order.limits())?;
    let file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut out = BufWriter::new(io::stdout().lock());
    foreign::decode(&order, file, &mut out)
}

/// Memory, time, and nothing written or started. The process that waits has the deadline, so that
/// it can say which limit it was: the processor's comes a second later.
fn confine(limits: &Limits) -> io::Result<()> {
    let memory = u64::from(limits.reader_mib) << 20;
    let seconds = u64::from(limits.reader_seconds) + 1;
    for (resource, most) in [
        (Resource::AS, memory),
        (Resource::CPU, seconds),
        (Resource::CORE, 0),
        (Resource::FSIZE, 0),
        (Resource::NOFILE, OPEN_FILES),
        (Resource::NPROC, 0),
    ] {
        let most = most.min(resource.get_hard()?);
        resource.set(most, most)?;
    }
    Ok(())
}
