use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
    #[telemetry(transparent)]
    #[command(external_subcommand)]
    Other(Vec<String>),
}

fn main() {
    let _ = Cli::try_parse();
}
