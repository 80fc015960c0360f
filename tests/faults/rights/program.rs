//! A program that gives up what it may do or see, after its run has begun.

use std::io;
use std::path::PathBuf;

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
        Cli::Jail { dir } => jail(dir),
        Cli::Drop { user } => become_user(user),
        Cli::Work => Ok(()),
    }
}

#[cfg(unix)]
fn jail(dir: PathBuf) -> io::Result<()> {
    std::os::unix::fs::chroot(dir)?;
    std::env::set_current_dir("/")
}

#[cfg(unix)]
fn become_user(user: u32) -> io::Result<()> {
    // SAFETY: touches no memory.
    match unsafe { libc::setgid(user) | libc::setuid(user) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(unix))]
fn jail(_: PathBuf) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
fn become_user(_: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
