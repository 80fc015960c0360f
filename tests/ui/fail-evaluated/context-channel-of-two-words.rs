use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(context(channel = "two words"))]
#[derive(Parser)]
struct Cli {}

fn main() {}
