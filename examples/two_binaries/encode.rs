//! One of two binaries of a package; `decode` is the other. Each is an app of its own, with its own variables and folders.
//!
//! ```sh
//! echo hello | ENCODE_TELEMETRY_ENABLED=1 ENCODE_TELEMETRY_ENDPOINT=stdout cargo run --example encode
//! ```

mod args;

use std::io;

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

/// Print bytes as hexadecimal numbers
#[telemetry_cli]
#[derive(Parser)]
#[command(name = "encode", version)]
struct Encode {
    #[command(flatten)]
    input: args::Input,
}

#[telemetry_main]
fn main(cli: Encode) -> io::Result<()> {
    let numbers: String = cli.input.read()?.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{numbers}");
    Ok(())
}

#[test]
fn the_allowlist_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Encode>();
}
