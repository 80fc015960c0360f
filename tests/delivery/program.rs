//! A program that delivers to an OpenTelemetry collector.

use std::fs;
use std::io;
use std::thread;
use std::time::Duration;

use clap::Parser;
use telemetry_runtime::{TaskStatus, emit_command_event, telemetry_cli, telemetry_main};

#[telemetry_cli(app = "courier", protocol = "otlp", otel_env, headers = { "x-api-key" = "the author's key" })]
#[derive(Parser)]
#[command(name = "courier", version)]
enum Cli {
    /// Do something
    Work,
    /// End the run, and live on
    Linger { milliseconds: u64 },
    /// Wait, and delete this very program meanwhile
    Vanish,
    /// Return an error
    Fail,
}

#[telemetry_main]
fn main(cli: Cli) -> io::Result<()> {
    match cli {
        Cli::Work => {}
        Cli::Linger { milliseconds } => {
            emit_command_event(TaskStatus::Success, 0, None);
            thread::sleep(Duration::from_millis(milliseconds));
        }
        Cli::Vanish => fs::remove_file(std::env::current_exe()?)?,
        Cli::Fail => return Err(io::ErrorKind::NotFound.into()),
    }
    Ok(())
}
