//! The commands with which users control telemetry and see everything it holds.

mod decide;
mod error;
mod export;
mod flag;
#[cfg(feature = "http")]
mod flush;
#[cfg(feature = "html")]
mod html;
mod output;
mod readable;
#[cfg(feature = "http")]
mod sent;
mod show;
mod status;
mod table;
mod variables;
mod word;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command, FromArgMatches, Subcommand};

use self::error::Done;
pub use self::error::ManageError;
pub use self::flag::TelemetryFlag;
use self::output::Output;
use self::word::{Options, Word};
use crate::declare::{CommandNode, CommandPath, CommandTree, Root, TelemetryApp};
use crate::disclosure::Disclosure;

/// The commands with which users control telemetry: `status`, `enable`, `disable`, `show`, `export`, `purge`, `schema`, `disclosure`
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
pub struct TelemetryCommand {
    word: Word,
    options: Options,
}

impl Subcommand for TelemetryCommand {
    // Deferred, so that runs of other commands do not pay for building these.
    #[inline]
    fn augment_subcommands(command: Command) -> Command {
        command.subcommand_required(true).arg_required_else_help(true).defer(add_commands)
    }

    #[inline]
    fn augment_subcommands_for_update(command: Command) -> Command {
        command.defer(add_commands)
    }

    fn has_subcommand(name: &str) -> bool {
        Word::called(name).is_some()
    }
}

#[inline]
fn add_commands(mut command: Command) -> Command {
    for word in Word::ALL {
        command = command.subcommand(word.command());
    }
    command
}

impl FromArgMatches for TelemetryCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let chosen = matches.subcommand().and_then(|(name, matches)| Some((Word::called(name)?, matches)));
        let (word, matches) = chosen.ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        Ok(TelemetryCommand { word, options: Options::of(matches) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        if matches.subcommand().is_some() {
            *self = Self::from_arg_matches(matches)?;
        }
        Ok(())
    }
}

// By hand, because only these commands are marked as `managing`.
impl CommandTree for TelemetryCommand {
    const COMMANDS: &'static [CommandNode] = &[
        CommandNode::command("status", &[]).managing(),
        CommandNode::command("enable", &[]).managing(),
        CommandNode::command("disable", &[]).managing().skipped(),
        CommandNode::command("show", &[]).managing(),
        CommandNode::command("export", &[]).managing(),
        CommandNode::command("purge", &[]).managing(),
        CommandNode::command("schema", &[]).managing(),
        CommandNode::command("disclosure", &[]).managing(),
        #[cfg(feature = "http")]
        CommandNode::command("flush", &[]).managing(),
    ];

    fn command_path(&self, path: &mut CommandPath) {
        path.push(self.word as u16);
    }
}

impl TelemetryCommand {
    fn without_options(word: Word) -> Self {
        // There is no other way to see the rest.
        TelemetryCommand { word, options: Options { limit: Some(usize::MAX), ..Options::default() } }
    }

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
        self.carry_out(root).map_err(|error| *error)
    }

    fn carry_out(self, root: Root) -> Done {
        let out = &mut Output::stdout();
        let TelemetryCommand { word, options } = self;
        if cfg!(feature = "off") {
            return compiled_out(word, options, out);
        }
        match word {
            Word::Status => status::run(root, options.json, out),
            Word::Enable => decide::enable(root.app, out),
            Word::Disable => decide::disable(root.app, out),
            #[cfg(feature = "http")]
            Word::Show if options.sent && options.json => sent::json(root.app, options.limit, out),
            #[cfg(feature = "http")]
            Word::Show if options.sent => sent::run(root, options.limit, out),
            #[cfg(feature = "http")]
            Word::Show if options.wire => show::wire(root.app, out),
            #[cfg(feature = "html")]
            Word::Show if options.html => html::run(root.app, out),
            Word::Show => show::run(root, options.json, options.limit, out),
            Word::Export => export::run(root.app, out),
            Word::Purge => decide::purge(root.app, out),
            Word::Schema => out.line(format_args!("{}", Disclosure::of(root).schema())),
            Word::Disclosure => out.text(&Disclosure::of(root).shown(out.screen())),
            #[cfg(feature = "http")]
            Word::Flush => flush::run(root.app, out),
        }
    }
}

/// The output of a build with the feature `off`, which has nothing to manage.
fn compiled_out(word: Word, options: Options, out: &mut Output) -> Done {
    const COMPILED_OUT: &str = "telemetry is compiled out of this build";
    match word {
        Word::Enable => Err(ManageError::refused(
            format_args!("{COMPILED_OUT}"),
            format_args!("use a build without the feature `off`"),
        )),
        Word::Status if options.json => out.line(format_args!("{{\"enabled\":false,\"source\":\"compiled-out\"}}")),
        _ => out.line(format_args!("{COMPILED_OUT}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_lists_the_commands_in_their_order() {
        let tree = TelemetryCommand::COMMANDS.iter().map(|node| node.name);
        assert!(tree.eq(Word::ALL.iter().map(|word| word.name())));
        assert!(Word::ALL.iter().enumerate().all(|(position, &word)| word as usize == position));
    }
}
