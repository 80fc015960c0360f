//! A CLI without subcommands: its users decide with an option, `--telemetry`.
//!
//! ```sh
//! cargo run --example flat -- --telemetry status
//! FLAT_TELEMETRY_ENABLED=1 FLAT_TELEMETRY_ENDPOINT=stdout cargo run --example flat -- /nowhere
//! ```

use std::io;
use std::path::PathBuf;

use clap::Parser;
use telemetry_runtime::manage::TelemetryFlag;
use telemetry_runtime::{note_error, telemetry_cli, telemetry_main};

/// Print the longest line of a file
#[telemetry_cli(app = "flat")]
#[derive(Parser)]
#[command(name = "flat", version)]
struct Cli {
    file: PathBuf,
    /// Print its number, too
    #[arg(short, long)]
    number: bool,
    // Answered by `Cli::parse()`, which then ends the process, even without the file.
    #[command(flatten)]
    telemetry: TelemetryFlag,
}

#[telemetry_main(Cli)]
fn main() {
    if let Err(error) = run(&Cli::parse()) {
        note_error(&error);
        eprintln!("flat: {error}");
        std::process::exit(1);
    }
}

fn run(cli: &Cli) -> io::Result<()> {
    let text = std::fs::read_to_string(&cli.file)?;
    let longest = text.lines().enumerate().max_by_key(|(_, line)| line.chars().count());
    if let Some((index, line)) = longest {
        let number = if cli.number { format!("{}: ", index + 1) } else { String::new() };
        println!("{number}{line}");
    }
    Ok(())
}

/// Names, arguments and the disclosure, as in any other CLI.
#[test]
fn the_disclosure_is_reviewed() {
    telemetry_runtime::testing::assert_allowlist::<Cli>();
    telemetry_runtime::testing::assert_disclosure::<Cli>("flat.lock.json");
}
