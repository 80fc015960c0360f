//! The commands with which users control telemetry and see everything it holds.

mod decide;
mod error;
mod flag;
#[cfg(feature = "http")]
mod flush;
mod json;
mod output;
mod readable;
mod show;
mod status;
mod table;
mod variables;

use clap::{ArgMatches, Command, FromArgMatches, Subcommand};

pub use self::error::ManageError;
pub use self::flag::TelemetryFlag;
use self::output::Output;
use crate::declare::{CommandNode, CommandPath, CommandTree, Root, TelemetryApp};
use crate::disclosure::Disclosure;

/// The commands with which users control telemetry: `status`, `enable`, `disable`, `show`, `purge`, `schema`, `disclosure`
/// and, with the feature `http`, `flush`. Add one variant and one match arm (for a CLI without subcommands, see
/// [`TelemetryFlag`]):
///
/// ```no_run
/// use clap::Parser;
/// use telemetry_runtime::manage::TelemetryCommand;
/// use telemetry_runtime::{telemetry_cli, telemetry_main};
///
/// #[telemetry_cli]
/// #[derive(Parser)]
/// enum Cli {
///     Build,
///     /// See and change what is collected
///     #[command(subcommand)]
///     Telemetry(TelemetryCommand),
/// }
///
/// # #[allow(dead_code)]
/// #[telemetry_main]
/// fn main(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
///     match cli {
///         Cli::Build => {}
///         Cli::Telemetry(command) => command.run::<Cli>()?,
///     }
///     Ok(())
/// }
/// ```
///
/// These commands never ask for consent. Their runs are not recorded, since they are no use of your program. If you want to
/// know about them, put `#[telemetry(record)]` on the variant: then all but those of `disable` are recorded.
#[derive(Debug, Clone, Copy)]
pub struct TelemetryCommand(Action);

// No doc comment: clap would show it to the author's users.
#[derive(Debug, Clone, Copy, Subcommand)]
enum Action {
    /// Show whether telemetry is on, who decided that, and what is queued
    Status {
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Allow telemetry
    Enable,
    /// Forbid telemetry, and delete all recorded events
    Disable,
    /// Show how commands were used, and the newest queued events
    Show {
        /// Show at most this many events, the newest [default: 20; with --json: all]
        #[arg(long, value_name = "NUMBER")]
        limit: Option<usize>,
        /// Print the events as they are stored, one JSON object per line
        #[arg(long)]
        json: bool,
        /// Print exactly the bytes that would be sent, except that they are sent in random order
        #[cfg(feature = "http")]
        #[arg(long, conflicts_with_all = ["json", "limit"])]
        wire: bool,
    },
    /// Delete the queued events
    Purge,
    /// Print the JSON Schema of every event that can be recorded
    Schema,
    /// Print what is collected, what is not, and where it goes
    Disclosure,
    /// Deliver the queued events now
    #[cfg(feature = "http")]
    Flush,
}

impl Subcommand for TelemetryCommand {
    // Deferred, so that runs of other commands do not pay for building these.
    fn augment_subcommands(command: Command) -> Command {
        command.subcommand_required(true).arg_required_else_help(true).defer(Action::augment_subcommands)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        command.defer(Action::augment_subcommands_for_update)
    }

    fn has_subcommand(name: &str) -> bool {
        Action::has_subcommand(name)
    }
}

impl FromArgMatches for TelemetryCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Action::from_arg_matches(matches).map(TelemetryCommand)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

// By hand, because only these commands are marked as `managing`.
impl CommandTree for TelemetryCommand {
    const COMMANDS: &'static [CommandNode] = &[
        CommandNode::command("status", &[]).managing(),
        CommandNode::command("enable", &[]).managing(),
        CommandNode::command("disable", &[]).managing().skipped(),
        CommandNode::command("show", &[]).managing(),
        CommandNode::command("purge", &[]).managing(),
        CommandNode::command("schema", &[]).managing(),
        CommandNode::command("disclosure", &[]).managing(),
        #[cfg(feature = "http")]
        CommandNode::command("flush", &[]).managing(),
    ];

    fn command_path(&self, path: &mut CommandPath) {
        path.push(match self.0 {
            Action::Status { .. } => 0,
            Action::Enable => 1,
            Action::Disable => 2,
            Action::Show { .. } => 3,
            Action::Purge => 4,
            Action::Schema => 5,
            Action::Disclosure => 6,
            #[cfg(feature = "http")]
            Action::Flush => 7,
        });
    }
}

impl TelemetryCommand {
    /// Runs the command for the CLI `C`.
    ///
    /// # Errors
    ///
    /// If the command failed. The error says what failed, where, and what to do. Returned from `main`, it sets the exit status
    /// to 1.
    pub fn run<C: TelemetryApp>(self) -> Result<(), ManageError> {
        self.run_for(Root::of::<C>())
    }

    fn run_for(self, root: Root) -> Result<(), ManageError> {
        let out = &mut Output::stdout();
        if cfg!(feature = "off") {
            return compiled_out(self.0, out);
        }
        match self.0 {
            Action::Status { json } => status::run(root, json, out),
            Action::Enable => decide::enable(root.app, out),
            Action::Disable => decide::disable(root.app, out),
            #[cfg(feature = "http")]
            Action::Show { wire: true, .. } => show::wire(root.app, out),
            Action::Show { json: true, limit, .. } => show::json(root.app, limit, out),
            Action::Show { limit, .. } => show::run(root, limit, out),
            Action::Purge => decide::purge(root.app, out),
            Action::Schema => out.line(format_args!("{}", Disclosure::of(root).schema())),
            Action::Disclosure => out.line(format_args!("{}", Disclosure::of(root))),
            #[cfg(feature = "http")]
            Action::Flush => flush::run(root.app, out),
        }
    }
}

/// The output of a build with the feature `off`, which has nothing to manage.
fn compiled_out(action: Action, out: &mut Output) -> Result<(), ManageError> {
    const COMPILED_OUT: &str = "telemetry is compiled out of this build";
    match action {
        Action::Enable => Err(ManageError::refused(COMPILED_OUT, "use a build without the feature `off`")),
        Action::Status { json: true } => out.line(format_args!("{{\"enabled\":false,\"source\":\"compiled-out\"}}")),
        _ => out.line(format_args!("{COMPILED_OUT}")),
    }
}
