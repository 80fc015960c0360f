// Below the derive, the attribute cannot see that this is the root.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[derive(Parser)]
#[telemetry_cli(app = "tool")]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
