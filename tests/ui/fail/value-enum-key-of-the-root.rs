use clap::ValueEnum;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(app = "tool")]
#[derive(Clone, ValueEnum)]
enum Format {
    Json,
}

fn main() {}
