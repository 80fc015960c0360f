use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[derive(Parser)]
struct Cli;

#[telemetry_cli]
impl Cli {
    fn run(&self) {}
}

fn main() {
    Cli.run();
}
