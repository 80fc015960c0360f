//! A program that gives up what it may do or see, after its run has begun.

use std::os::unix::fs::chroot;
use std::path::PathBuf;
use std::{env, io};

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "restricted")]
#[derive(Parser)]
enum Cli {
    /// See nothing but this folder
    Jail { dir: PathBuf },
    /// Become this user
    Drop { user: u32 },
    /// Do nothing
    Work,
}

#[telemetry_main]
fn main(cli: Cli) -> io::Result<()> {
    match cli {
        Cli::Jail { dir } => {
            chroot(dir)?;
            env::set_current_dir("/")
        }
        // SAFETY: touches no memory.
        Cli::Drop { user } => match unsafe { libc::setgid(user) | libc::setuid(user) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        },
        Cli::Work => Ok(()),
    }
}
