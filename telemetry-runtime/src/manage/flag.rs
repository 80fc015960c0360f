//! The management commands as the values of one option.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::builder::Resettable;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Id};

use super::TelemetryCommand;
use super::word::Word;
use crate::declare::{CommandNode, CommandPath, CommandTree, FLAG_ID, Flag, GivenArgs, Root};
use crate::run;

/// `--telemetry <COMMAND>`: the commands of [`TelemetryCommand`] for a CLI without subcommands. Add one field to the root:
///
/// ```no_run
/// use std::path::PathBuf;
///
/// use clap::Parser;
/// use telemetry_runtime::manage::TelemetryFlag;
/// use telemetry_runtime::{telemetry_cli, telemetry_main};
///
/// #[telemetry_cli]
/// #[derive(Parser)]
/// struct Cli {
///     file: PathBuf,
///     #[command(flatten)]
///     telemetry: TelemetryFlag,
/// }
///
/// # #[allow(dead_code)]
/// #[telemetry_main]
/// fn main(cli: Cli) -> std::io::Result<()> {
///     println!("{}", std::fs::read_to_string(cli.file)?);
///     Ok(())
/// }
/// ```
///
/// Users then type `mytool --telemetry status`, `enable`, `disable`, `show`, `export`, `purge`, `schema`, `disclosure` and, with the
/// feature `http`, `flush`. The flag must be the only argument, and works although other arguments are required. It takes no
/// word away from positional arguments. If the field is in an `Args` struct that the root flattens, that struct takes
/// `#[telemetry_cli]` too; otherwise nothing answers the flag, and `testing::assert_allowlist` fails.
///
/// `Cli::parse()` and the other functions that [`#[telemetry_cli]`](crate::telemetry_cli) adds answer the flag themselves, as
/// clap does `--version`: they run the command and end the process, with exit code 0, or with 1 and a message on stderr if it
/// failed. So does `Cli::try_parse()`. `Cli::parse_from()` and `Cli::try_parse_from()` do so only in a run that has begun, as
/// in `#[telemetry_main]`. Such a run is not recorded, and never asks for consent. A program that calls clap's own functions
/// runs the command itself; see [`TelemetryFlag::command`].
///
/// # Changing the flag
///
/// The argument's id is `telemetry`, so clap's `mut_arg` on the root changes it, for example to rename, hide or move it:
///
/// ```
/// # use clap::Parser;
/// # use telemetry_runtime::{manage::TelemetryFlag, telemetry_cli};
/// #[telemetry_cli]
/// #[derive(Parser)]
/// #[command(mut_arg("telemetry", |flag| flag.long("usage-data").help_heading("Privacy")))]
/// struct Cli {
///     #[command(flatten)]
///     telemetry: TelemetryFlag,
/// }
/// # let command = <Cli as clap::CommandFactory>::command();
/// # assert!(command.get_arguments().any(|flag| flag.get_long() == Some("usage-data")));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TelemetryFlag(Option<Word>);

impl TelemetryFlag {
    /// The command that the user asked for, if any. For a program that calls clap's own functions:
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use clap::Parser;
    /// # use telemetry_runtime::{manage::TelemetryFlag, telemetry_cli};
    /// #[telemetry_cli(parse = false)]
    /// #[derive(Parser)]
    /// struct Cli {
    ///     #[command(flatten)]
    ///     telemetry: TelemetryFlag,
    /// }
    ///
    /// let cli = Cli::parse();
    /// if let Some(command) = cli.telemetry.command() {
    ///     return Ok(command.run::<Cli>()?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If the CLI has required arguments, clap's derive refuses a command line that has only the flag. Then parse to
    /// [`ArgMatches`], and get the flag from these with [`FromArgMatches::from_arg_matches`] first.
    pub fn command(&self) -> Option<TelemetryCommand> {
        self.0.map(TelemetryCommand::without_options)
    }

    /// Whether `arg` is the argument of such a flag, whatever its author has changed.
    #[cfg(feature = "testing")]
    pub(crate) fn is(arg: &Arg) -> bool {
        arg.get_id() == FLAG_ID && arg.get_value_parser().type_id() == std::any::TypeId::of::<Word>()
    }
}

impl Args for TelemetryFlag {
    fn augment_args(command: Command) -> Command {
        command.arg(
            Arg::new(FLAG_ID)
                .long("telemetry")
                .value_name("COMMAND")
                .value_parser(clap::value_parser!(Word))
                .help("Show and control telemetry")
                // Also makes clap accept the flag without the arguments that are otherwise required.
                .exclusive(true),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for TelemetryFlag {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(TelemetryFlag(matches.get_one(FLAG_ID).copied()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

// The flag adds no command: its entry has no name. On a path, it says that the run manages telemetry and is not recorded,
// for programs that call `record_invocation_start`.
impl CommandTree for TelemetryFlag {
    const COMMANDS: &'static [CommandNode] = &[CommandNode::flatten(&[]).managing().skipped()];
    const FLAG: Option<Flag> = Some(Flag { answer, push_name });

    fn command_path(&self, path: &mut CommandPath) {
        if self.0.is_some() {
            path.push(0);
        }
    }
}

/// Runs the command that the user asked for, and returns the exit code.
fn answer(root: Root, given: &GivenArgs<'_>) -> Option<i32> {
    let word = match given.matches {
        Some(matches) => word(matches),
        None => word_alone(given.command, given.args),
    };
    let command = TelemetryCommand::without_options(word?);
    run::skip_run();
    Some(match command.run_for(root) {
        Ok(()) => 0,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            1
        }
    })
}

/// The flag, as its author may have renamed it.
fn push_name(command: fn() -> Command, name: &mut String) -> bool {
    let command = command();
    let Some(flag) = command.get_arguments().find(|arg| arg.get_id() == FLAG_ID) else { return false };
    match (flag.get_long(), flag.get_short()) {
        (Some(long), _) => {
            name.push_str("--");
            name.push_str(long);
        }
        (None, Some(short)) => name.extend(['-', short]),
        (None, None) => return false,
    }
    true
}

/// The flag's value, on whichever level it was given.
fn word(matches: &ArgMatches) -> Option<Word> {
    match matches.try_get_one(FLAG_ID) {
        Ok(Some(&word)) => Some(word),
        _ => word(matches.subcommand()?.1),
    }
}

/// The flag's value, if nothing else was typed.
///
/// clap refuses even that if another argument has a value from its environment variable, or if a group is required. But the
/// user must be able to decide.
fn word_alone(command: &Command, args: &[OsString]) -> Option<Word> {
    let flag = command.get_arguments().find(|arg| arg.get_id() == FLAG_ID)?.clone();
    // The author may have related it to arguments that are missing here.
    let none = || Resettable::<Id>::Reset;
    let flag = flag.requires(none()).conflicts_with(none()).overrides_with(none());
    let alone = Command::new(FLAG_ID).no_binary_name(command.is_no_binary_name_set()).disable_help_flag(true).arg(flag);
    word(&alone.try_get_matches_from(args).ok()?)
}
