use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run(#[telemetry(opaque)] RunArgs),
}

#[derive(clap::Args)]
struct RunArgs {}

fn main() {
    let _ = Cli::try_parse();
}
