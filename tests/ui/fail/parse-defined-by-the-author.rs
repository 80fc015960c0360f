// The note names the key that leaves the function to the author: `parse = false`.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

impl Cli {
    fn parse() -> Self {
        Cli::Run
    }
}

fn main() {
    Cli::parse();
}
