//! Finding a command of the tree by its name.

use super::commands::{CommandNode, CommandPath, NodeKind};

/// Appends the position of the command named `name` to `path`. An external subcommand is found by any name that no other
/// command has.
pub(crate) fn find(
    commands: &'static [CommandNode],
    name: &str,
    path: &mut CommandPath,
) -> Option<&'static CommandNode> {
    find_listed(commands, name, path).or_else(|| find_where(commands, path, &|node| node.kind == NodeKind::External))
}

/// The same for commands that the tree names: a name it lacks may be clap's own `help`, or one that is not listed.
pub(crate) fn find_listed(
    commands: &'static [CommandNode],
    name: &str,
    path: &mut CommandPath,
) -> Option<&'static CommandNode> {
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
