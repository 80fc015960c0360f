// The macro does not know what a constant is; the compiler does.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

const NAME: &str = "run";

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
    #[command(name = NAME)]
    Walk,
}

fn main() {
    let _ = [Cli::Run, Cli::Walk];
}
