use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[telemetry(hide)]
    Run,
}

fn main() {
    let _ = Cli::try_parse();
}
