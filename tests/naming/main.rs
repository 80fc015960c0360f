//! clap is the judge: the tree and paths from `#[telemetry_cli]` equal clap's own tree and matches.
//!
//! Each file declares types and compares both. In this order: `forms` has the ways to name a command, `nested` and `roots`
//! the places of a type in a tree, `generic`, `cfg` and `macro_made` the ways to write a type. `unlisted` has commands that
//! the author leaves out, `transparent` commands without their names, `built` has trees without clap's derive, `prelude` names that generated code must not trip over, and `keys` the effects of the root's
//! keys, and `options` the arguments that are recorded.

mod built;
mod cfg;
mod forms;
mod generic;
mod keys;
mod macro_made;
mod nested;
mod options;
mod prelude;
mod roots;
mod transparent;
mod unlisted;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};
use telemetry_runtime::__private::{CommandNode, CommandPath};
use telemetry_runtime::CommandTree;

/// Compares the tree, then the path of every command line made of command names only.
#[track_caller]
fn assert_like_clap<C: CommandTree + CommandFactory + FromArgMatches>() {
    telemetry_runtime::testing::assert_allowlist::<C>();
    let mut lines = Vec::new();
    command_lines(&C::command(), &mut vec!["bin".into()], &mut lines);
    assert!(lines.iter().filter(|line| assert_path::<C>(line)).count() > 0);
}

/// Parses `line` and compares the path of the value with clap's matches. False if clap requires more arguments.
#[track_caller]
fn assert_path<C: CommandTree + CommandFactory + FromArgMatches>(line: &[impl AsRef<str>]) -> bool {
    let line: Vec<OsString> = line.iter().map(|word| word.as_ref().into()).collect();
    let matches = match C::command().try_get_matches_from(&line) {
        Ok(matches) => matches,
        Err(error) => {
            let kind = error.kind();
            let wants_more = [
                ErrorKind::MissingSubcommand,
                ErrorKind::MissingRequiredArgument,
                ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
            ];
            assert!(wants_more.contains(&kind), "{line:?}: {error}");
            return false;
        }
    };
    let value = C::from_arg_matches(&matches).unwrap();
    let mut path = CommandPath::default();
    value.command_path(&mut path);
    let mut expected = CommandPath::default();
    follow(C::COMMANDS, &matches, &mut expected);
    assert_eq!(path, expected, "{line:?}");
    true
}

fn command_lines(command: &Command, line: &mut Vec<String>, lines: &mut Vec<Vec<String>>) {
    lines.push(line.clone());
    for sub in command.get_subcommands() {
        line.push(sub.get_name().to_owned());
        command_lines(sub, line, lines);
        line.pop();
    }
}

/// The path to the subcommands that clap matched, as far as they are in `commands`.
fn follow(commands: &'static [CommandNode], matches: &ArgMatches, path: &mut CommandPath) {
    if let Some((name, below)) = matches.subcommand()
        && let Some(node) = find(commands, name, path).or_else(|| find(commands, "external", path))
    {
        follow(node.children(), below, path);
    }
}

fn find(commands: &'static [CommandNode], name: &str, path: &mut CommandPath) -> Option<&'static CommandNode> {
    for (position, node) in (0..).zip(commands) {
        if node.name() == name {
            path.push(position);
            return Some(node);
        }
        // Only an entry that is not a command has no name: no tree here has an empty one.
        if node.name().is_empty() {
            let mut found = None;
            path.enter(position, |path| found = find(node.children(), name, path));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The names of one level, with flattened entries replaced by their contents.
fn names(commands: &'static [CommandNode]) -> Vec<&'static str> {
    let spliced = |node: &'static CommandNode| {
        if node.name().is_empty() { names(node.children()) } else { vec![node.name()] }
    };
    commands.iter().flat_map(spliced).collect()
}
