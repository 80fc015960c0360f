//! The two traits that a CLI's types implement, and the root as a value.

use std::any::type_name;
use std::ffi::OsString;

use clap::{ArgMatches, Command};

use super::app::App;
use super::commands::{CommandNode, CommandPath};
use super::details::Details;
use super::facts::{FactNode, PhaseNode};
use super::options::RecordedOptions;

/// A type whose values hold the chosen subcommand.
///
/// Implemented by [`#[telemetry_cli]`](crate::telemetry_cli) on clap's `Parser`, `Subcommand` and `Args` types.
/// `Box<T>` and `Option<T>` are transparent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds subcommands, but `#[telemetry_cli]` is missing on it",
    label = "`{Self}` is not instrumented",
    note = "if `{Self}` derives `Subcommand`, `Args` or `Parser`, add `#[telemetry_cli]` to it",
    note = "if `{Self}` implements `Subcommand` or `Args` by hand, or belongs to another crate, add `#[telemetry(opaque)]` to this variant or field: the commands below it are then not recorded"
)]
pub trait CommandTree {
    /// The commands below this type, in source order.
    #[doc(hidden)]
    const COMMANDS: &'static [CommandNode];

    /// The options of this type that are recorded. Those of an enum are at its commands.
    #[doc(hidden)]
    const OPTIONS: RecordedOptions = RecordedOptions::NONE;

    /// The flag for managing telemetry, if this type holds one.
    #[doc(hidden)]
    const FLAG: Option<Flag> = None;

    /// Appends the positions of the chosen command and its chosen subcommands to `path`.
    #[doc(hidden)]
    fn command_path(&self, path: &mut CommandPath);
}

impl<T: CommandTree + ?Sized> CommandTree for Box<T> {
    const COMMANDS: &'static [CommandNode] = T::COMMANDS;
    const OPTIONS: RecordedOptions = T::OPTIONS;
    const FLAG: Option<Flag> = T::FLAG;

    fn command_path(&self, path: &mut CommandPath) {
        T::command_path(self, path);
    }
}

impl<T: CommandTree> CommandTree for Option<T> {
    const COMMANDS: &'static [CommandNode] = T::COMMANDS;
    const OPTIONS: RecordedOptions = T::OPTIONS;
    const FLAG: Option<Flag> = T::FLAG;

    fn command_path(&self, path: &mut CommandPath) {
        if let Some(chosen) = self {
            chosen.command_path(path);
        }
    }
}

/// A CLI that records its runs: the root of a command tree, plus the author's configuration.
///
/// Implemented by [`#[telemetry_cli]`](crate::telemetry_cli) on the type that derives `Parser`, or that has the key
/// `command`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the root of an instrumented CLI",
    label = "`#[telemetry_cli]` must stand above `#[derive(Parser)]` on `{Self}`",
    note = "a root that does not derive `Parser` says so: `#[telemetry_cli(root)]`, or `#[telemetry_cli(command = cli())]` if it is built with `clap::Command`"
)]
pub trait TelemetryApp: CommandTree {
    /// The author's configuration.
    #[doc(hidden)]
    const APP: App;

    /// Key `facts`.
    #[doc(hidden)]
    const FACTS: &'static [FactNode] = &[];

    /// Key `phases`.
    #[doc(hidden)]
    const PHASES: &'static [PhaseNode] = &[];

    /// Builds clap's definition of the CLI, if the type derives `Parser`.
    #[doc(hidden)]
    const CLAP_COMMAND: Option<fn() -> Command> = None;
}

/// A [`TelemetryApp`] as a value, so that most code need not be generic over it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Root {
    pub(crate) app: &'static App,
    pub(crate) commands: &'static [CommandNode],
    /// The flag for managing telemetry, and what builds clap's definition of its CLI.
    pub(crate) flag: Option<(Flag, fn() -> Command)>,
    /// Distinguishes this root from other types that are parsed in the same process.
    type_name: &'static str,
}

impl Root {
    /// Not inlined: the compiler gives each place where these constants are used a copy of them, with all they point to.
    #[inline(never)]
    pub(crate) fn of<C: TelemetryApp>() -> Self {
        Root { app: &C::APP, commands: C::COMMANDS, flag: C::FLAG.zip(C::CLAP_COMMAND), type_name: type_name::<C>() }
    }

    /// Whether both are of the same type.
    pub(crate) fn is(self, other: Root) -> bool {
        self.type_name == other.type_name
    }
}

/// Adds the details that `C` declares to its configuration.
#[must_use]
pub const fn with_details_of<C: TelemetryApp>(mut app: App) -> App {
    app.details = Details::new(C::OPTIONS, C::COMMANDS, C::FACTS, C::PHASES, app.context, app.actives);
    app
}

/// The id of the flag's argument.
pub(crate) const FLAG_ID: &str = "telemetry";

/// How a [`TelemetryFlag`](crate::manage::TelemetryFlag) is answered.
///
/// Function pointers, so that a program without such a flag contains none of its code.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// Carries out what the user asked for, and returns the exit code. `None` if the flag was not given.
    pub(crate) answer: fn(Root, &GivenArgs<'_>) -> Option<i32>,
    /// Pushes what users type, as in `--telemetry`. False if they cannot.
    pub(crate) push_name: fn(fn() -> Command, &mut String) -> bool,
}

/// A command line, and what clap made of it.
#[derive(Debug)]
pub(crate) struct GivenArgs<'a> {
    pub(crate) command: &'a Command,
    pub(crate) args: &'a [OsString],
    /// `None` if clap refused the command line.
    pub(crate) matches: Option<&'a ArgMatches>,
}

/// The first flag among those of several types.
pub const fn first_flag(mut flags: &[Option<Flag>]) -> Option<Flag> {
    while let [first, rest @ ..] = flags {
        if first.is_some() {
            return *first;
        }
        flags = rest;
    }
    None
}
