//! A program that delivers to an OpenTelemetry collector.

use std::fs;
use std::io::{self, Read};

use clap::Parser;
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{TaskStatus, emit_command_event, telemetry_cli, telemetry_main};

#[telemetry_cli(app = "courier", protocol = "otlp", otel_env, headers = { "x-api-key" = "the author's key" })]
#[derive(Parser)]
#[command(name = "courier", version)]
enum Cli {
    /// Do something
    Work,
    /// End the run, and keep running until the input ends
    Linger,
    /// Delete this program's own file
    Vanish,
    /// Return an error
    Fail,
    /// See and change what is collected
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_main]
fn main(cli: Cli) -> io::Result<()> {
    match cli {
        Cli::Work => {}
        Cli::Linger => {
            emit_command_event(TaskStatus::Success, 0, None);
            io::stdin().read_to_end(&mut Vec::new())?;
        }
        Cli::Vanish => fs::remove_file(std::env::current_exe()?)?,
        Cli::Fail => return Err(io::ErrorKind::NotFound.into()),
        Cli::Telemetry(command) => command.run::<Cli>().map_err(io::Error::other)?,
    }
    Ok(())
}
