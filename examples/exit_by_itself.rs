//! A CLI without subcommands that prints its error and exits by itself: one line notes the error.
//!
//! ```sh
//! EXIT_BY_ITSELF_TELEMETRY_ENABLED=1 EXIT_BY_ITSELF_TELEMETRY_ENDPOINT=stdout cargo run --example exit_by_itself -- /nowhere
//! ```

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Parser;
use telemetry_runtime::{note_error, telemetry_cli, telemetry_main};

/// Count the lines of files
#[telemetry_cli(app = "exit_by_itself")]
#[derive(Parser)]
#[command(name = "exit_by_itself", version)]
struct Cli {
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

#[telemetry_main]
fn main(cli: Cli) {
    let mut lines = 0;
    for file in &cli.files {
        match count(file) {
            Ok(count) => lines += count,
            Err(error) => {
                // Whatever hides it, the event has its class: `NotFound`, or `Error` if it was made from text.
                note_error(&error);
                eprintln!("exit_by_itself: {error:#}");
                std::process::exit(3);
            }
        }
    }
    println!("{lines}");
}

fn count(file: &Path) -> anyhow::Result<usize> {
    let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    if text.contains(&0) {
        bail!("{} is not a text", file.display());
    }
    Ok(text.iter().filter(|&&byte| byte == b'\n').count())
}

#[test]
fn the_allowlist_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Cli>();
}
