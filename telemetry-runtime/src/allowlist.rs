//! The allowlist of command names: found by clap's names, compared with clap's tree, and used to recover the path of a
//! command line that clap refused.

use std::ffi::OsString;

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::commands::{CommandNode, CommandPath, NodeKind};
use crate::event::Outcome;
use crate::parse;

/// The path through `commands` of a command line that clap did not accept, or answered with help or its version.
///
/// Parsed once more with errors ignored. Of what clap then finds, only names that the allowlist holds are kept, as
/// positions; the first name that it lacks ends the path.
pub(crate) fn recover(commands: &'static [CommandNode], command: Command, args: Vec<OsString>) -> CommandPath {
    let mut path = CommandPath::default();
    let mut command = lenient(command).ignore_errors(true);
    if let Ok(matches) = command.try_get_matches_from_mut(args) {
        walk(commands, &command, &matches, &mut path);
    }
    path
}

/// What clap made of this process's arguments, if it ended the process with `exit_code`: the path, and the outcome.
pub(crate) fn explain(
    commands: &'static [CommandNode],
    command: fn() -> Command,
    exit_code: i32,
) -> Option<(CommandPath, Outcome)> {
    let args: Vec<OsString> = std::env::args_os().collect();
    let refusal = without_parsers(command()).try_get_matches_from_mut(&args).err();
    let outcome = match refusal {
        Some(error) if error.exit_code() == exit_code => parse::outcome(&error),
        // Without the program's value parsers not every usage error can be found again.
        _ if exit_code != 0 => Outcome::from_code(exit_code),
        _ => return None,
    };
    Some((recover(commands, command(), args), outcome))
}

/// `command` without the program's own value parsers: they are code that has run once already.
fn without_parsers(command: Command) -> Command {
    let raw = |arg: Arg| if arg.get_action().takes_values() { arg.value_parser(ValueParser::os_string()) } else { arg };
    command.mut_args(raw).mut_subcommands(without_parsers)
}

/// The id of the stand-in for the arguments of clap's `help` subcommand.
const HELP_TARGET: &str = "__telemetry_help_target";

/// `command` without what would stop the parse before the path is known.
fn lenient(command: Command) -> Command {
    stoppers_removed(without_parsers(command))
}

fn stoppers_removed(command: Command) -> Command {
    let own_help = command.find_subcommand("help").is_some();
    let help = command.has_subcommands() && !own_help && !command.is_disable_help_subcommand_set();
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .mut_args(|arg| match arg.get_action() {
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version => {
                arg.action(ArgAction::SetTrue)
            }
            _ => arg,
        })
        .mut_subcommands(stoppers_removed);
    if help {
        let target = Arg::new(HELP_TARGET).num_args(0..).value_parser(ValueParser::os_string());
        command.subcommand(Command::new("help").disable_help_flag(true).arg(target))
    } else {
        command
    }
}

/// Follows the subcommands that clap found as far as the allowlist knows them.
fn walk(commands: &'static [CommandNode], command: &Command, matches: &ArgMatches, path: &mut CommandPath) {
    let Some((name, below)) = matches.subcommand() else { return };
    if let Ok(Some(targets)) = below.try_get_many::<OsString>(HELP_TARGET) {
        return walk_help(commands, command, targets, path);
    }
    let Some(node) = find(commands, name, path) else { return };
    if let (NodeKind::Command, Some(command)) = (node.kind, command.find_subcommand(name)) {
        walk(node.children, command, below, path);
    }
}

/// `help remote add` is about `remote add`, as `remote add --help` is.
fn walk_help<'a>(
    mut commands: &'static [CommandNode],
    mut command: &Command,
    targets: impl Iterator<Item = &'a OsString>,
    path: &mut CommandPath,
) {
    for target in targets {
        let Some(below) = target.to_str().and_then(|target| command.find_subcommand(target)) else { return };
        let Some(node) = find(commands, below.get_name(), path) else { return };
        (commands, command) = (node.children, below);
    }
}

/// Appends the position of the command named `name`. A name that only an external subcommand can have gives that one.
pub(crate) fn find(
    commands: &'static [CommandNode],
    name: &str,
    path: &mut CommandPath,
) -> Option<&'static CommandNode> {
    find_where(commands, path, &|node| node.kind != NodeKind::External && node.name == name)
        .or_else(|| find_where(commands, path, &|node| node.kind == NodeKind::External))
}

fn find_where(
    commands: &'static [CommandNode],
    path: &mut CommandPath,
    wanted: &dyn Fn(&CommandNode) -> bool,
) -> Option<&'static CommandNode> {
    for (position, node) in (0..).zip(commands) {
        if node.kind == NodeKind::Flatten {
            let mut found = None;
            path.enter(position, |path| found = find_where(node.children, path, wanted));
            if found.is_some() {
                return found;
            }
        } else if wanted(node) {
            path.push(position);
            return Some(node);
        }
    }
    None
}

/// The differences between the allowlist and clap's tree, one line each; empty when there are none.
pub(crate) fn differences(commands: &'static [CommandNode], command: &Command) -> Vec<String> {
    let mut found = Vec::new();
    compare(commands, command, &mut vec![command.get_name().to_owned()], &mut found);
    found
}

fn compare(commands: &'static [CommandNode], command: &Command, at: &mut Vec<String>, found: &mut Vec<String>) {
    let listed = spliced(commands);
    for node in &listed {
        if node.kind == NodeKind::External {
            // clap_derive sets the parser; the flag follows when the command is built.
            if command.get_external_subcommand_value_parser().is_none() && !command.is_allow_external_subcommands_set()
            {
                found.push(format!("`{}` takes no external subcommands, but the allowlist has them", at.join(" ")));
            }
            continue;
        }
        at.push(node.name.to_owned());
        match command.get_subcommands().find(|sub| sub.get_name() == node.name) {
            // The runtime's own commands are made only when they are called.
            Some(_) if node.children.iter().any(|child| child.manages) => {}
            Some(sub) if node.kind == NodeKind::Command => compare(node.children, sub, at, found),
            Some(_) => {}
            None => found.push(format!("`{}` is in the allowlist, but clap does not have it", at.join(" "))),
        }
        at.pop();
    }
    for sub in command.get_subcommands() {
        if !listed.iter().any(|node| node.kind != NodeKind::External && node.name == sub.get_name()) {
            found.push(format!("`{} {}` is clap's, but not in the allowlist", at.join(" "), sub.get_name()));
        }
    }
}

/// The entries of one level, flattened ones replaced by what they hold.
pub(crate) fn spliced(commands: &'static [CommandNode]) -> Vec<&'static CommandNode> {
    commands
        .iter()
        .flat_map(|node| if node.kind == NodeKind::Flatten { spliced(node.children) } else { vec![node] })
        .collect()
}
