use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(context(agent, hostname))]
#[derive(Parser)]
struct Cli {}

fn main() {}
