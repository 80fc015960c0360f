//! A program that delivers everything an event can hold.

use std::io;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{Fact, Phase, telemetry_cli, telemetry_main};

#[telemetry_cli(
    app = "sender",
    protocol = "otlp",
    facts(Cache),
    phases(Step),
    context(agent, interactive, ci_vendor, libc),
    actives
)]
#[derive(Parser)]
#[command(name = "sender", version)]
enum Cli {
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
        #[arg(long)]
        code: Option<u8>,
    },
    Fail,
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
}

#[derive(Phase)]
enum Step {
    Pack,
}

#[telemetry_main(Cli)]
fn main() -> io::Result<ExitCode> {
    match Cli::parse() {
        Cli::Work { fast, code, .. } => {
            if fast {
                Cli::time(Step::Pack, || Cli::record(Cache::Hit));
            }
            return Ok(code.unwrap_or(0).into());
        }
        Cli::Fail => return Err(io::ErrorKind::NotFound.into()),
        Cli::Telemetry(command) => command.run::<Cli>().map_err(io::Error::other)?,
    }
    Ok(ExitCode::SUCCESS)
}
