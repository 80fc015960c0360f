//! A CLI that works on a thread of its own, for a larger stack: that thread parses, and ends the process.
//!
//! ```sh
//! THREADED_TELEMETRY_ENABLED=1 THREADED_TELEMETRY_ENDPOINT=stdout cargo run --example threaded -- sum 1000000
//! ```

use std::process::ExitCode;
use std::thread;

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
#[command(name = "threaded", version)]
enum Cli {
    /// Add the numbers up to `to`, one call for each
    Sum { to: u64 },
}

#[telemetry_main(Cli)]
fn main() -> ExitCode {
    let worker = thread::Builder::new().stack_size(1 << 30).spawn(run).expect("a thread can be started");
    worker.join().unwrap_or(ExitCode::FAILURE)
}

fn run() -> ExitCode {
    let Cli::Sum { to } = Cli::parse();
    if to > 1_000_000 {
        eprintln!("threaded: too deep");
        std::process::exit(3);
    }
    println!("{}", sum(to));
    ExitCode::SUCCESS
}

fn sum(to: u64) -> u64 {
    if to == 0 { 0 } else { to + sum(to - 1) }
}

#[test]
fn the_allowlist_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Cli>();
}
