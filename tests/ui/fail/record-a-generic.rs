use clap::{Args, ValueEnum};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Args)]
struct Build<T: ValueEnum + Send + Sync + 'static> {
    #[arg(long)]
    #[telemetry(record)]
    format: Option<T>,
}

fn main() {}
