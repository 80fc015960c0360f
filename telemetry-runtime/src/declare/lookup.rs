//! Finds a command in the tree by name.

use super::commands::{CommandNode, CommandPath, NodeKind};

/// Finds the command `name` among `commands` and appends its position to `path`. A name that no command has matches an
/// external subcommand, if there is one.
pub(crate) fn find(
    commands: &'static [CommandNode],
    name: &str,
    path: &mut CommandPath,
) -> Option<&'static CommandNode> {
    find_listed(commands, name, path).or_else(|| find_external(commands, path))
}

/// Like [`find`], but never matches an external subcommand: an unknown name may be clap's own `help`, or an unlisted
/// command.
pub(crate) fn find_listed(
    commands: &'static [CommandNode],
    name: &str,
    path: &mut CommandPath,
) -> Option<&'static CommandNode> {
    find_wanted(commands, path, Wanted::Listed(name))
}

/// Finds the entry for external subcommands.
pub(crate) fn find_external(commands: &'static [CommandNode], path: &mut CommandPath) -> Option<&'static CommandNode> {
    find_wanted(commands, path, Wanted::External)
}

/// Finds the entry for commands that are not listed, if it has keys of its own. Of several, it is not known which one
/// stands for the command, so the strictest is taken.
pub(crate) fn find_unlisted(commands: &'static [CommandNode], path: &mut CommandPath) -> Option<&'static CommandNode> {
    find_wanted(commands, path, Wanted::UnlistedSkip).or_else(|| find_wanted(commands, path, Wanted::UnlistedNoPrompt))
}

/// What to look for. Not a closure: the dynamic linker would relocate a table for each.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Listed(&'a str),
    External,
    UnlistedSkip,
    UnlistedNoPrompt,
}

impl Wanted<'_> {
    fn is(self, node: &CommandNode) -> bool {
        match self {
            Wanted::Listed(name) => matches!(node.kind, NodeKind::Command | NodeKind::Opaque) && node.name == name,
            Wanted::External => node.kind == NodeKind::External,
            Wanted::UnlistedSkip => node.kind == NodeKind::Unlisted && node.skip,
            Wanted::UnlistedNoPrompt => node.kind == NodeKind::Unlisted && node.no_prompt,
        }
    }
}

fn find_wanted(
    commands: &'static [CommandNode],
    path: &mut CommandPath,
    wanted: Wanted<'_>,
) -> Option<&'static CommandNode> {
    for (position, node) in (0..).zip(commands) {
        if node.kind == NodeKind::Flatten {
            let mut found = None;
            path.enter(position, |path| found = find_wanted(node.children, path, wanted));
            if found.is_some() {
                return found;
            }
        } else if wanted.is(node) {
            path.push(position);
            return Some(node);
        }
    }
    None
}
