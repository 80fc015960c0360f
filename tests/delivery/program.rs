//! A program that delivers to an OpenTelemetry collector.

use std::fs;
use std::io::{self, Read};

use clap::{Parser, ValueEnum};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{Fact, Phase, TaskStatus, emit_command_event, telemetry_cli, telemetry_main};

#[telemetry_cli(
    app = "courier",
    protocol = "otlp",
    otel_env,
    headers = { "x-api-key" = "the author's key" },
    facts(Cache),
    phases(Step),
    context(interactive, libc),
)]
#[derive(Parser)]
#[command(name = "courier", version)]
enum Cli {
    /// Do something
    Work {
        #[arg(long)]
        #[telemetry(record)]
        fast: bool,
        #[arg(long)]
        #[telemetry(record)]
        mode: Vec<Mode>,
        #[arg(long)]
        #[telemetry(record(buckets(1, 10)))]
        jobs: Option<u32>,
    },
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

#[telemetry_cli]
#[derive(Clone, ValueEnum)]
enum Mode {
    Slow,
    Quiet,
}

#[derive(Fact)]
enum Cache {
    Hit,
    Miss,
}

#[derive(Phase)]
enum Step {
    Pack,
}

#[telemetry_main]
fn main(cli: Cli) -> io::Result<()> {
    match cli {
        Cli::Work { fast: true, .. } => {
            Cli::record(Cache::Hit);
            Cli::time(Step::Pack, || Cli::record(Cache::Miss));
        }
        Cli::Work { .. } => {}
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
