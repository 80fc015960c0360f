use clap::ValueEnum;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Clone, ValueEnum)]
enum Format {
    Json,
    #[telemetry(skip)]
    Text,
}

fn main() {}
