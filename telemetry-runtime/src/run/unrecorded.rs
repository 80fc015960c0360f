//! A hint to the author, in debug builds under `<ENV>_TELEMETRY_DEBUG`: a command is recorded as its parent, because the
//! type that holds it lacks `#[telemetry_cli]`.
//!
//! The compiler cannot tell: a type without the attribute may hold arguments only.

use clap::ArgMatches;

use crate::declare::{CommandNode, CommandPath, NodeKind, Root, take_uninstrumented};
use crate::{diagnostics, environment};

/// The names of the commands that clap has found on the command line.
pub(super) struct Entered(Vec<String>);

impl Entered {
    /// `None` if nobody wants to know.
    pub(super) fn of(root: Root, matches: &ArgMatches) -> Option<Self> {
        if !cfg!(debug_assertions) || !environment::is_debug(root.app) {
            return None;
        }
        take_uninstrumented(CommandPath::default());
        let below = std::iter::successors(matches.subcommand(), |(_, below)| below.subcommand());
        Some(Entered(below.map(|(name, _)| name.to_owned()).collect()))
    }

    /// Compares the names with `path`, whose types have just been asked.
    pub(super) fn compare(&self, root: Root, path: CommandPath) {
        if !cfg!(debug_assertions) {
            return;
        }
        let known = path.nodes(root.commands).filter(|node| node.is_command()).count();
        let types = take_uninstrumented(path);
        if self.0.len() <= known || types.is_empty() || ends_on_purpose(root.commands, path) {
            return;
        }
        let recorded: Vec<_> = path.names(root.commands).collect();
        let recorded = if recorded.is_empty() { "no command".to_owned() } else { format!("`{}`", recorded.join(" ")) };
        let typed = self.0.join(" ");
        let types = types.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        diagnostics::report(
            root.app,
            format_args!(
                "`{typed}` is recorded as {recorded}: {types} holds subcommands, but `#[telemetry_cli]` is missing on it \
                 (a type parameter also needs the bound `telemetry_runtime::CommandTree`)"
            ),
        );
    }
}

/// Whether the author has left out what follows.
fn ends_on_purpose(commands: &'static [CommandNode], path: CommandPath) -> bool {
    let last = path.nodes(commands).last();
    let is_leaf = last.is_some_and(|node| matches!(node.kind, NodeKind::Opaque | NodeKind::External));
    is_leaf || last.map_or(commands, |node| node.children).iter().any(|node| node.kind == NodeKind::Unlisted)
}
