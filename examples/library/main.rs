//! A CLI whose types are in a library, which also parses and prints errors.
//!
//! ```sh
//! LIBRARY_TELEMETRY_ENABLED=1 LIBRARY_TELEMETRY_ENDPOINT=stdout cargo run --example library -- show /nowhere
//! ```

use std::process::ExitCode;

use telemetry_examples::Cli;
use telemetry_runtime::telemetry_main;

#[telemetry_main(Cli)]
fn main() -> ExitCode {
    telemetry_examples::run()
}

#[test]
fn the_allowlist_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Cli>();
}
