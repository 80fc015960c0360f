use clap::Parser;
use telemetry_runtime::{Fact, telemetry_cli};

#[derive(Fact)]
struct Files(u64);

#[telemetry_cli(facts(Files))]
#[derive(Parser)]
struct Cli {}

fn main() {
    Cli::record(Files(1));
}
