//! A program whose threads end it all at once, each with an exit code of its own.

use std::process::ExitCode;
use std::sync::{Arc, Barrier};
use std::thread;

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "crowd")]
#[derive(Parser)]
struct Cli {
    /// How many threads call `exit`.
    threads: u8,
    /// Main calls it, too, or returns.
    #[arg(long)]
    main_returns: bool,
}

#[telemetry_main]
fn main(cli: Cli) -> ExitCode {
    let barrier = Arc::new(Barrier::new(usize::from(cli.threads) + 1));
    for code in 1..=cli.threads {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || {
            barrier.wait();
            exit(code);
        });
    }
    barrier.wait();
    if !cli.main_returns {
        exit(100);
    }
    ExitCode::from(100)
}

/// The C library's: std lets only one thread through.
fn exit(code: u8) -> ! {
    unsafe extern "C" {
        fn exit(code: std::ffi::c_int) -> !;
    }
    // SAFETY: the tests look at what happens if several threads do this.
    unsafe { exit(code.into()) }
}
