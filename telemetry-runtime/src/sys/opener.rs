//! The program with which the system opens a file for the user.

use std::path::Path;
use std::process::{Command, Stdio};

const OPENER: &[&str] = if cfg!(windows) {
    // Not `cmd`, which would read some characters of a path as its own.
    &["explorer.exe"]
} else if cfg!(target_vendor = "apple") {
    &["open"]
} else {
    &["xdg-open"]
};

/// Opens the file at `path`. Says nothing itself.
pub(crate) fn opener(path: &Path) -> Command {
    let (program, args) = OPENER.split_first().unwrap_or((&"", &[]));
    let mut command = Command::new(program);
    command.args(args).arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Not among the processes that the system ends with this program's terminal.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}
