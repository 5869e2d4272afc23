//! The process that decodes, seen from outside: started, listened to, ended at its deadline.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::opened::{Ended, follow};
use super::{Order, SUBCOMMAND};

/// Starts the program with an order and passes on what it answers. However it ends, it has ended
/// when this returns.
pub(super) fn run(
    program: &Path,
    order: &Order,
    file: File,
    row: impl FnMut(u64, Vec<Vec<u8>>),
) -> io::Result<Ended> {
    let mut child = Command::new(program)
        .arg(SUBCOMMAND)
        .arg(serde_json::to_string(order)?)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(file))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let answer = child.stdout.take();
    let child = Mutex::new(child);
    let allowed = Duration::from_secs(order.limits.reader_seconds.into());
    thread::scope(|scope| {
        let (done, wait) = mpsc::channel::<()>();
        let ended = &child;
        let watch = thread::Builder::new().spawn_scoped(scope, move || {
            let late = wait.recv_timeout(allowed) == Err(RecvTimeoutError::Timeout);
            if late {
                end(ended);
            }
            late
        });
        let watch = match watch {
            Ok(watch) => watch,
            Err(error) => {
                end(&child);
                return Err(error);
            }
        };
        let told = answer.map_or(Ended::Broken, |answer| {
            follow(&mut BufReader::new(answer), row)
        });
        drop(done);
        let late = watch.join().unwrap_or(true);
        end(&child);
        Ok(match told {
            Ended::Broken if late => Ended::Late,
            told => told,
        })
    })
}

/// Ends the child, if it has not ended, and waits until it is gone.
fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // Either fails only where the child is gone already.
    let _ = child.kill();
    let _ = child.wait();
}
