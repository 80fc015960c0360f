// A text may be an expression, but one that the compiler can evaluate.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(purpose = std::env::var("PURPOSE").unwrap())]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
