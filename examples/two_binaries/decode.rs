//! One of two binaries of a package; `encode` is the other. Each is an app of its own, with its own variables and folders.
//!
//! ```sh
//! echo 6869 | DECODE_TELEMETRY_ENABLED=1 DECODE_TELEMETRY_ENDPOINT=stdout cargo run --example decode
//! ```

mod args;

use std::error::Error;
use std::io::{self, Write};

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

/// Write the bytes that hexadecimal numbers mean
#[telemetry_cli]
#[derive(Parser)]
#[command(name = "decode", version)]
struct Decode {
    #[command(flatten)]
    input: args::Input,
}

#[telemetry_main]
fn main(cli: Decode) -> Result<(), Box<dyn Error>> {
    let text = String::from_utf8(cli.input.read()?)?;
    let digits: Vec<char> = text.trim().chars().collect();
    let byte = |digits: &[char]| u8::from_str_radix(&digits.iter().collect::<String>(), 16);
    io::stdout().write_all(&digits.chunks(2).map(byte).collect::<Result<Vec<_>, _>>()?)?;
    Ok(())
}

#[test]
fn the_allowlist_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Decode>();
}
