//! A library for any program, with a CLI in it that is recorded.

use clap::Parser;
use telemetry_runtime::{record_invocation_start, telemetry_cli};

#[telemetry_cli(app = "plugin", bin = "plugin")]
#[derive(Parser)]
enum Cli {
    Work,
}

/// Uses the library.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn plugin_work() {
    let Cli::Work = Cli::parse_from(["plugin", "work"]);
    record_invocation_start(&Cli::Work);
}
