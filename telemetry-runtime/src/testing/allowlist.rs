//! Compares the allowlist with clap's command tree.

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};

use crate::declare::{CommandNode, Form, NodeKind, Read, RecordedOption, RecordedOptions};
use crate::manage::TelemetryFlag;

/// The subcommand that clap adds when it builds a command. If the author defines one, it is in the allowlist.
const HELP: &str = "help";

/// The differences between the allowlist and clap's tree, one line each; empty when there are none.
///
/// Builds the tree first, since deferred subcommands do not exist before. A flag for managing telemetry is in the tree of
/// arguments only, and is answered if `has_flag`.
pub(super) fn differences(
    commands: &'static [CommandNode],
    options: RecordedOptions,
    has_flag: bool,
    mut command: Command,
) -> Vec<String> {
    command.build();
    let mut found = Vec::new();
    compare_options(options, &command, command.get_name(), &mut found);
    if !has_flag {
        found.extend(flag(&command).map(unanswered));
    }
    compare(commands, &command, &mut vec![command.get_name().to_owned()], &mut found);
    found
}

/// The flag for managing telemetry, on whichever level it is.
fn flag(command: &Command) -> Option<&Arg> {
    let own = command.get_arguments().find(|arg| TelemetryFlag::is(arg));
    own.or_else(|| command.get_subcommands().find_map(flag))
}

fn unanswered(flag: &Arg) -> String {
    format!("nothing answers `{flag}`: add `#[telemetry_cli]` to the type that holds the `TelemetryFlag`")
}

fn compare(commands: &'static [CommandNode], command: &Command, at: &mut Vec<String>, found: &mut Vec<String>) {
    let listed = spliced(commands);
    let all_are_listed = !holds_unlisted(commands);
    for node in &listed {
        if node.kind == NodeKind::External {
            if !command.is_allow_external_subcommands_set() {
                found.push(format!("`{}` accepts no external subcommands, but the allowlist has them", at.join(" ")));
            }
            continue;
        }
        at.push(node.name.to_owned());
        match command.get_subcommands().find(|sub| sub.get_name() == node.name) {
            Some(sub) => {
                compare_options(node.options(), sub, &at.join(" "), found);
                if node.kind == NodeKind::Command {
                    compare(node.children, sub, at, found);
                }
            }
            None => found.push(format!("`{}` is in the allowlist, but clap does not have it", at.join(" "))),
        }
        at.pop();
    }
    let lists_external = listed.iter().any(|node| node.kind == NodeKind::External);
    if all_are_listed && !lists_external && command.is_allow_external_subcommands_set() {
        found.push(format!("`{}` accepts external subcommands, but they are not in the allowlist", at.join(" ")));
    }
    for sub in command.get_subcommands() {
        let is_listed = listed.iter().any(|node| node.kind != NodeKind::External && node.name == sub.get_name());
        if all_are_listed && !is_listed && sub.get_name() != HELP {
            found.push(format!(
                "`{} {}` is in clap's command tree, but not in the allowlist",
                at.join(" "),
                sub.get_name()
            ));
        }
    }
}

fn compare_options(options: RecordedOptions, command: &Command, at: &str, found: &mut Vec<String>) {
    options.for_each(&mut |option| {
        let (id, key) = (option.id, option.key());
        match command.get_arguments().find(|arg| arg.get_id() == id) {
            Some(arg) => {
                found.extend(option_difference(&option, arg).map(|difference| format!("`{at}`: {difference}")));
            }
            None => found
                .push(format!("`{at}`: the option `{key}` is recorded, but clap has no argument with the id `{id}`")),
        }
    });
}

/// How a recorded option differs from clap's argument.
fn option_difference(option: &RecordedOption, arg: &Arg) -> Option<String> {
    let name = arg.get_long().unwrap_or(arg.get_id().as_str());
    if name != option.key() {
        return Some(format!("an option is recorded as `{}`, but clap calls it `{name}`", option.key()));
    }
    if matches!(option.read, Read::Flag) && !matches!(arg.get_action(), ArgAction::SetTrue) {
        return Some(format!(
            "`{name}` is recorded as a flag that takes no value, but clap does something else with it"
        ));
    }
    let is_closed_set = matches!(option.read, Read::Values(..)) && option.form != Form::Flag;
    let values = arg.get_possible_values();
    let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    (is_closed_set && !option.labels.iter().eq(values.iter().copied()))
        .then(|| format!("the values of `{name}` are recorded as {:?}, but clap has {values:?}", option.labels))
}

/// The commands at one level, with flattened entries replaced by their children.
fn spliced(commands: &'static [CommandNode]) -> Vec<&'static CommandNode> {
    let of = |node: &'static CommandNode| match node.kind {
        NodeKind::Flatten => spliced(node.children),
        NodeKind::Unlisted => Vec::new(),
        NodeKind::Command | NodeKind::Opaque | NodeKind::External => vec![node],
    };
    commands.iter().flat_map(of).collect()
}

/// Whether some commands at this level are deliberately not listed.
fn holds_unlisted(commands: &[CommandNode]) -> bool {
    commands.iter().any(|node| match node.kind {
        NodeKind::Unlisted => true,
        NodeKind::Flatten => holds_unlisted(node.children),
        NodeKind::Command | NodeKind::Opaque | NodeKind::External => false,
    })
}
