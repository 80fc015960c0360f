//! A program with the tests that most have: they parse what nobody has typed, and what the test runner was called with.

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "tested", env = "TESTED")]
#[derive(Debug, Parser)]
struct Cli {
    /// Anything
    args: Vec<String>,
}

#[telemetry_main]
fn main(cli: Cli) {
    println!("{cli:?}");
}

#[test]
fn made_up_arguments() {
    assert_eq!(Cli::parse_from(["tested", "x"]).args, ["x"]);
    assert!(Cli::try_parse_from(["tested", "--bogus"]).is_err());
}

#[test]
fn own_arguments() {
    assert!(Cli::parse().args.is_empty());
    assert!(Cli::try_parse().is_ok());
}

#[test]
fn records_by_itself() {
    telemetry_runtime::record_invocation_start(&Cli { args: Vec::new() });
    telemetry_runtime::note_error(&std::fmt::Error);
}

#[test]
fn main_itself() {
    main();
}
