use clap::Parser;
use telemetry_runtime::{Phase, telemetry_cli};

#[derive(Phase)]
enum Step {
    Build(u8),
}

#[telemetry_cli(phases(Step))]
#[derive(Parser)]
struct Cli {}

fn main() {}
