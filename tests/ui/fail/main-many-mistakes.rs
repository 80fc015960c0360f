use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main(Cli, colour = 1, errors)]
fn main(cli: Cli, more: u8) -> Result<(), std::io::Error> {
    let _ = (cli, more);
    Ok(())
}
