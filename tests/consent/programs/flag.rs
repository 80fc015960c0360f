//! A CLI without subcommands. Its author has renamed the flag, and clap alone would not accept it: a group is required, and an
//! option has a value from a variable.

use std::process::ExitCode;

use clap::{ArgGroup, Args, CommandFactory, FromArgMatches, Parser};
use telemetry_runtime::manage::TelemetryFlag;
use telemetry_runtime::{record_invocation_start, telemetry_cli, telemetry_main};

#[cfg_attr(not(feature = "http"), telemetry_cli(app = "flagged", bin = "flagged"))]
#[cfg_attr(
    feature = "http",
    telemetry_cli(
        app = "flagged",
        bin = "flagged",
        endpoint = "https://collector.invalid/v1/events",
        protocol = "nemo"
    )
)]
#[derive(Parser)]
#[command(
    name = "flagged",
    version,
    group(ArgGroup::new("what").required(true)),
    mut_arg("telemetry", |flag| flag.long("usage-data").conflicts_with("what").help_heading("Privacy"))
)]
pub(crate) struct Cli {
    #[arg(group = "what")]
    files: Vec<String>,
    #[arg(long, group = "what")]
    all: bool,
    #[arg(long, env = "FLAGGED_LEVEL")]
    level: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[telemetry_cli]
#[derive(Args)]
struct Common {
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    telemetry: TelemetryFlag,
}

fn main() -> ExitCode {
    if std::env::var_os("FLAGGED_OUTSIDE").is_some() {
        // As a test of the author's might do it, in which there is no run.
        let refused = Cli::try_parse_from(["flagged", "--usage-data", "disable"]).is_err();
        println!("refused: {refused}");
        return ExitCode::SUCCESS;
    }
    run::main()
}

mod run {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() -> Result<(), Box<dyn std::error::Error>> {
        let args = std::env::args_os();
        let cli = match std::env::var("FLAGGED_PARSE").as_deref() {
            Ok("try_parse") => Cli::try_parse()?,
            Ok("parse_from") => Cli::parse_from(args),
            Ok("try_parse_from") => Cli::try_parse_from(args)?,
            Ok("clap") => {
                let matches = Cli::command().mut_group("what", |group| group.required(false)).get_matches();
                let cli = Cli::from_arg_matches(&matches)?;
                record_invocation_start(&cli);
                cli
            }
            _ => Cli::parse(),
        };
        if let Some(command) = cli.common.telemetry.command() {
            return Ok(command.run::<Cli>()?);
        }
        if !cli.common.quiet {
            println!("done");
        }
        Ok(())
    }
}
