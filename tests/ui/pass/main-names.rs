//! The body of main sees the program's names and no others.

#![allow(dead_code)]

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
struct Cli;

enum Names {
    Ok,
    Err,
    Some,
    None,
}

fn run() -> u8 {
    1
}

fn __result() -> u8 {
    2
}

mod telemetry_runtime_names {}

/// Documented
#[allow(unused_variables)]
#[telemetry_main]
#[inline]
fn main(mut cli: Cli) {
    let _ = cli;
    use Names::*;
    struct ExitCode;
    fn error_class_of() -> ExitCode {
        ExitCode
    }
    assert_eq!(run() + __result(), 3);
    let (unused, _) = (error_class_of(), [Ok, Err, Some, None]);
    cli = Cli;
    let _ = cli;
}
