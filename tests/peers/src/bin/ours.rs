//! telemetry-runtime: the two attributes.

#[path = "../cli.rs"]
mod cli;

use cli::Cli;
use telemetry_runtime::telemetry_main;

#[telemetry_main]
fn main(cli: Cli) {
    cli.work();
}
