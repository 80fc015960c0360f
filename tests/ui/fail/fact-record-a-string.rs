use clap::Parser;
use telemetry_runtime::{Fact, telemetry_cli};

#[derive(Fact)]
enum Cache {
    Hit,
}

#[telemetry_cli(facts(Cache))]
#[derive(Parser)]
struct Cli {}

fn main() {
    Cli::record(String::new());
}
