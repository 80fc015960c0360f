use clap::Parser;
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    #[telemetry(record)]
    telemetry: Option<TelemetryCommand>,
}

fn main() {
    let _ = Cli::parse();
}
