use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run {
        #[telemetry(skip)]
        #[arg(long)]
        fast: bool,
    },
}

fn main() {
    let _ = Cli::try_parse();
}
