// A name that is made at run time could be anything.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[command(name = name())]
    Run,
}

fn name() -> &'static str {
    "run"
}

fn main() {
    let _ = Cli::Run;
}
