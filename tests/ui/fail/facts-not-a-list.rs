use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(facts = "Cache")]
#[derive(Parser)]
struct Cli {}

fn main() {}
