//! An async main that returns `anyhow::Error`.
//!
//! ```sh
//! ASYNC_MAIN_TELEMETRY_ENABLED=1 ASYNC_MAIN_TELEMETRY_ENDPOINT=stdout cargo run --example async_main -- read /nowhere
//! ```

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "async_main")]
#[derive(Parser)]
#[command(name = "async_main", version)]
enum Cli {
    /// Wait for a while
    Wait { milliseconds: u64 },
    /// Read a number from a file
    Read { path: PathBuf },
}

// The class of an `anyhow::Error` is the first of these types in its chain of sources, or one of std's.
#[telemetry_main(errors(std::num::ParseIntError))]
#[tokio::main]
async fn main(cli: Cli) -> anyhow::Result<()> {
    match cli {
        Cli::Wait { milliseconds } => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
        Cli::Read { path } => {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let number: i64 = text.trim().parse().with_context(|| format!("no number in {}", path.display()))?;
            println!("{number}");
        }
    }
    Ok(())
}

/// What can be collected is listed in a file. `TELEMETRY_DISCLOSURE=overwrite cargo test` writes it, `git diff` shows changes.
#[test]
fn the_disclosure_is_reviewed() {
    telemetry_runtime::testing::assert_disclosure::<Cli>("async_main.lock.json");
}
