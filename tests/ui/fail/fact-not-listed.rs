use clap::Parser;
use telemetry_runtime::{Fact, telemetry_cli};

#[derive(Fact)]
enum Cache {
    Hit,
}

#[derive(Fact)]
enum Other {
    One,
}

#[telemetry_cli(facts(Cache))]
#[derive(Parser)]
struct Cli {}

fn main() {
    Cli::record(Other::One);
}
