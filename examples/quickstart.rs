//! The example of the README.
//!
//! ```sh
//! QUICKSTART_TELEMETRY_ENABLED=1 QUICKSTART_TELEMETRY_ENDPOINT=stdout cargo run --example quickstart -- info list-channels
//! ```

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use telemetry_runtime::{telemetry_cli, telemetry_main};

// The examples share a package, so each sets its name. In a package of its own, a program needs neither `app` nor `name`.
#[telemetry_cli(app = "quickstart")]
#[derive(Parser)]
#[command(name = "quickstart", version)]
enum Cli {
    /// Run a workflow
    Run { config: PathBuf },
    /// Look at what is installed
    #[command(subcommand)]
    Info(Info),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Info {
    ListComponents,
    ListChannels,
}

#[telemetry_main]
fn main(cli: Cli) -> std::io::Result<()> {
    match cli {
        Cli::Run { config } => println!("running {}", std::fs::read_to_string(config)?),
        Cli::Info(Info::ListComponents) => println!("components: none"),
        Cli::Info(Info::ListChannels) => println!("channels: none"),
    }
    Ok(())
}

/// What can be collected is listed in a file. `TELEMETRY_DISCLOSURE=overwrite cargo test` writes it, `git diff` shows changes.
#[test]
fn the_disclosure_is_reviewed() {
    telemetry_runtime::testing::assert_disclosure::<Cli>("quickstart.lock.json");
}
