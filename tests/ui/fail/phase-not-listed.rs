use clap::Parser;
use telemetry_runtime::{Phase, telemetry_cli};

#[derive(Phase)]
enum Step {
    Build,
}

#[derive(Phase)]
enum Other {
    One,
}

#[telemetry_cli(phases(Step))]
#[derive(Parser)]
struct Cli {}

fn main() {
    Cli::time(Other::One, || ());
}
