use clap::Parser;
use telemetry_runtime::telemetry_cli;

const CONTACT: u8 = 1;

#[telemetry_cli(contact = CONTACT)]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
