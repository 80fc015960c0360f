use clap::Parser;
use telemetry_runtime::telemetry_main;

#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main(Cli)]
fn main() {
    let _ = Cli::parse();
}
