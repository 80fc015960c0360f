// `#[telemetry_cli]` would not help: there is nothing from which it could read the names.
use clap::{ArgMatches, Command, Error, FromArgMatches, Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[command(subcommand)]
    Plugin(Plugin),
}

struct Plugin;

impl FromArgMatches for Plugin {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, Error> {
        Ok(Plugin)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), Error> {
        Ok(())
    }
}

impl Subcommand for Plugin {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommand(Command::new("one"))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        name == "one"
    }
}

fn main() {
    Cli::parse();
}
