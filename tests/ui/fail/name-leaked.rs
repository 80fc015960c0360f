use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[command(name = String::leak(secret()) as &str)]
    Run,
}

fn secret() -> String {
    std::env::args().collect()
}

fn main() {
    let _ = Cli::Run;
}
