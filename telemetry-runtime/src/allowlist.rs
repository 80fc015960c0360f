//! The allowlist of command names: found by clap's names, compared with clap's tree, and used to tell the path of a command
//! line that clap refused.

use std::ffi::OsString;

use clap::Command;

use crate::commands::{CommandNode, CommandPath, NodeKind};

/// The path through `commands` of a command line that clap did not accept, or answered with help or its version.
///
/// While it parses, clap builds each subcommand that it enters, and a built one knows what it is called on the command
/// line; `fresh` is the same command before, since an author may give such a name too. So nothing is parsed twice, and no
/// code of the program (value parsers) runs twice. Of what clap has entered, only names that the allowlist holds are kept,
/// as positions; the first name that it lacks ends the path.
///
/// `help remote add` is about `remote add`, as `remote add --help` is, but is not entered: `after_help` are the arguments
/// behind the word `help`.
pub(crate) fn path_of_refused(
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
    for argument in after_help {
        let Some(named) = argument.to_str().and_then(|name| parsed.find_subcommand(name)) else { return path };
        let Some(node) = find_listed(level, named.get_name(), &mut path) else { return path };
        (level, parsed) = (node.children, named);
    }
    path
}

/// The one subcommand of `parsed` that clap has entered.
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

/// Appends the position of the command named `name`. A name that only an external subcommand can have gives that one.
pub(crate) fn find(
    commands: &'static [CommandNode],
    name: &str,
    path: &mut CommandPath,
) -> Option<&'static CommandNode> {
    find_listed(commands, name, path).or_else(|| find_where(commands, path, &|node| node.kind == NodeKind::External))
}

/// The same, but no external subcommand: of one of clap's own (`help`), or one that is not listed.
fn find_listed(commands: &'static [CommandNode], name: &str, path: &mut CommandPath) -> Option<&'static CommandNode> {
    find_where(commands, path, &|node| matches!(node.kind, NodeKind::Command | NodeKind::Opaque) && node.name == name)
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
    let all_are_listed = !holds_unlisted(commands);
    for node in &listed {
        if node.kind == NodeKind::External {
            // Known only once the command is built, which would also add clap's own `help`.
            let mut built = command.clone();
            built.build();
            if !built.is_allow_external_subcommands_set() {
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
        let is_listed = listed.iter().any(|node| node.kind != NodeKind::External && node.name == sub.get_name());
        if all_are_listed && !is_listed {
            found.push(format!("`{} {}` is clap's, but not in the allowlist", at.join(" "), sub.get_name()));
        }
    }
}

/// The commands of one level, flattened entries replaced by what they hold.
pub(crate) fn spliced(commands: &'static [CommandNode]) -> Vec<&'static CommandNode> {
    let of = |node: &'static CommandNode| match node.kind {
        NodeKind::Flatten => spliced(node.children),
        NodeKind::Unlisted => Vec::new(),
        NodeKind::Command | NodeKind::Opaque | NodeKind::External => vec![node],
    };
    commands.iter().flat_map(of).collect()
}

/// Whether commands of this level are deliberately not listed.
fn holds_unlisted(commands: &[CommandNode]) -> bool {
    commands.iter().any(|node| match node.kind {
        NodeKind::Unlisted => true,
        NodeKind::Flatten => holds_unlisted(node.children),
        NodeKind::Command | NodeKind::Opaque | NodeKind::External => false,
    })
}
