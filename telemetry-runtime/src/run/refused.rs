//! Finds the command path of a command line that clap refused.

use std::ffi::OsString;

use clap::Command;

use crate::declare::{CommandNode, CommandPath, find_listed};

/// The path through `commands` of a command line that clap rejected, or answered with its help or version.
///
/// While parsing, clap builds each subcommand it enters, which sets that command's `bin_name`. An author may set a
/// `bin_name` too, so the `parsed` command is compared with a `fresh` one. This way nothing is parsed twice, and the
/// program's value parsers do not run twice. Only names in the allowlist are kept, as positions; the first unknown name
/// ends the path.
///
/// `help remote add` is about `remote add`, like `remote add --help`, but clap does not enter `remote` for it.
/// `after_help` holds the arguments after the word `help`.
pub(super) fn path_of_refused(
    commands: &'static [CommandNode],
    fresh: &Command,
    parsed: &Command,
    after_help: &[OsString],
) -> CommandPath {
    let mut path = CommandPath::default();
    let (mut level, mut fresh, mut parsed) = (commands, Some(fresh), parsed);
    while let Some(entered) = entered(fresh, parsed) {
        let Some(node) = find_listed(level, entered.get_name(), &mut path) else { return path };
        fresh = fresh.and_then(|fresh| fresh.find_subcommand(entered.get_name()));
        (level, parsed) = (node.children, entered);
    }
    if !after_help.is_empty() {
        // A command that is only named has not been built yet, and deferred subcommands do not exist before building.
        let mut built = parsed.clone();
        built.build();
        extend_with_named(&mut path, level, &built, after_help);
    }
    path
}

/// Appends the subcommands named in `arguments`, up to the first argument that is not one.
fn extend_with_named(
    path: &mut CommandPath,
    mut level: &'static [CommandNode],
    mut command: &Command,
    arguments: &[OsString],
) {
    for argument in arguments {
        let Some(named) = argument.to_str().and_then(|name| command.find_subcommand(name)) else { return };
        let Some(node) = find_listed(level, named.get_name(), path) else { return };
        (level, command) = (node.children, named);
    }
}

/// The subcommand of `parsed` that clap has entered, if exactly one was.
fn entered<'a>(fresh: Option<&Command>, parsed: &'a Command) -> Option<&'a Command> {
    let mut entered = parsed.get_subcommands().filter(|subcommand| {
        let before = fresh.and_then(|fresh| fresh.find_subcommand(subcommand.get_name()));
        subcommand.get_bin_name() != before.and_then(Command::get_bin_name)
    });
    match (entered.next(), entered.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Collects the arguments after the word `help`.
#[derive(Default)]
pub(super) struct AfterHelp {
    is_seen: bool,
    args: Vec<OsString>,
}

impl AfterHelp {
    /// The next argument of the command line.
    pub(super) fn see(&mut self, arg: &OsString) {
        if self.is_seen {
            self.args.push(arg.clone());
        }
        self.is_seen |= arg == "help";
    }

    pub(super) fn args(&self) -> &[OsString] {
        &self.args
    }
}
