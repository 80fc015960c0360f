//! A CLI that is built with `clap::Command`. `telemetry_cli` lists its commands, and a test compares the list with clap's.
//!
//! ```sh
//! BUILDER_TELEMETRY_ENABLED=1 BUILDER_TELEMETRY_ENDPOINT=stdout cargo run --example builder -- remote add origin
//! ```

use std::error::Error;

use clap::{Arg, ArgMatches, Command, FromArgMatches, Subcommand};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(
    app = "builder",
    command = cli(),
    commands("build", "remote"("add", "remove"), #[telemetry(skip)] "hook", "telemetry"(..TelemetryCommand)),
)]
struct Cli;

fn cli() -> Command {
    let change = |name: &'static str| Command::new(name).arg(Arg::new("name").required(true));
    let telemetry = Command::new("telemetry").about("See and change what is collected");
    Command::new("builder")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .subcommand(Command::new("build").about("Build everything").alias("b"))
        .subcommand(Command::new("remote").about("Change the remotes").subcommands([change("add"), change("remove")]))
        .subcommand(Command::new("hook").hide(true))
        .subcommand(TelemetryCommand::augment_subcommands(telemetry))
}

#[telemetry_main(Cli)]
fn main() -> Result<(), Box<dyn Error>> {
    let matches = Cli::get_matches();
    match matches.subcommand() {
        Some(("remote", matches)) => remote(matches),
        Some(("telemetry", matches)) => TelemetryCommand::from_arg_matches(matches)?.run::<Cli>()?,
        Some((name, _)) => println!("{name}: done"),
        None => {}
    }
    Ok(())
}

fn remote(matches: &ArgMatches) {
    match matches.subcommand() {
        Some((name, matches)) => println!("{name} {:?}", matches.get_one::<String>("name")),
        None => println!("no remotes"),
    }
}

#[test]
fn the_list_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Cli>();
}
