// clap says what it does not like about it.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
union Cli {
    a: u8,
}

fn main() {
    let _ = Cli { a: 1 };
}
