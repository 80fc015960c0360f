use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    FooBar,
    Other,
    #[command(name = "foo-bar")]
    Third,
}

fn main() {
    let _ = [Cli::FooBar, Cli::Other, Cli::Third];
}
