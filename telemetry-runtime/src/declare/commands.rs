//! The command tree of a CLI as constants, and the path a run took through it.
//!
//! A path is stored as indices into a compile-time command tree, not as names: [`CommandPath`] holds small integers,
//! and names are looked up in `CommandTree::COMMANDS`, an associated constant. So text that exists only at run time
//! cannot be represented, not even a leaked `&'static str`.

use super::labels::check_name;
use super::options::RecordedOptions;

/// The maximum depth of the command tree, in names. A deeper tree does not compile.
pub(crate) const MAX_DEPTH: usize = 8;

/// The maximum number of positions in a path. More than [`MAX_DEPTH`], since a flattened enum takes a position but adds
/// no name.
pub(crate) const MAX_STEPS: usize = 16;

/// The name recorded for every external subcommand. The name the user typed is never read.
pub(crate) const EXTERNAL: &str = "external";

/// One entry of the command tree.
#[derive(Debug, Clone, Copy)]
pub struct CommandNode {
    pub(crate) name: &'static str,
    pub(crate) kind: NodeKind,
    pub(crate) skip: bool,
    /// The user is never asked for consent while running this command.
    pub(crate) no_prompt: bool,
    /// The command is recorded without its name: only the commands below it are.
    pub(crate) transparent: bool,
    /// One of the runtime's own commands for managing telemetry, or a command that has no others. Its runs are not
    /// recorded: they are no use of the program.
    pub(crate) manages: bool,
    /// Such commands are recorded from here on.
    records_management: bool,
    pub(crate) children: &'static [CommandNode],
    /// The options that are recorded with this command.
    options: RecordedOptions,
}

/// What a [`CommandNode`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// A command with its own name.
    Command,
    /// A command whose subcommands are deliberately not listed.
    Opaque,
    /// Not a command: replaced by its children.
    Flatten,
    /// Any name that no other entry has.
    External,
    /// Not a command: says that this level may have more commands, which are deliberately not listed.
    Unlisted,
}

impl CommandNode {
    const fn new(name: &'static str, kind: NodeKind, children: &'static [CommandNode]) -> Self {
        check_name(name, "the name of a command must not contain quotes, backslashes or control characters");
        CommandNode {
            name,
            kind,
            skip: false,
            no_prompt: false,
            transparent: false,
            manages: only_manage(children),
            records_management: false,
            children,
            options: RecordedOptions::NONE,
        }
    }

    /// A command and the commands below it.
    pub const fn command(name: &'static str, children: &'static [CommandNode]) -> Self {
        CommandNode::new(name, NodeKind::Command, children)
    }

    /// A command that is recorded without its subcommands.
    pub const fn opaque(name: &'static str) -> Self {
        CommandNode::new(name, NodeKind::Opaque, &[])
    }

    /// A flattened type: its commands appear at the same level as this node's siblings.
    pub const fn flatten(children: &'static [CommandNode]) -> Self {
        CommandNode::new("", NodeKind::Flatten, children)
    }

    /// Any external subcommand, recorded under the single name [`EXTERNAL`].
    pub const fn external() -> Self {
        CommandNode::new(EXTERNAL, NodeKind::External, &[])
    }

    /// Commands that the author does not or cannot list. Their runs are recorded under the parent's name.
    pub const fn unlisted() -> Self {
        CommandNode::new("", NodeKind::Unlisted, &[])
    }

    /// Whether this entry is a command, or stands for external ones.
    pub(crate) const fn is_command(&self) -> bool {
        !matches!(self.kind, NodeKind::Flatten | NodeKind::Unlisted)
    }

    /// The name under which this entry is recorded. `None` if it is not a command, or a transparent one.
    pub(crate) const fn recorded_name(&self) -> Option<&'static str> {
        if self.is_command() && !self.transparent { Some(self.name) } else { None }
    }

    /// Marks the command as not recorded.
    #[must_use]
    pub const fn skipped(mut self) -> Self {
        self.skip = true;
        self
    }

    /// Marks the command as one during which the user is never asked for consent.
    #[must_use]
    pub const fn no_prompt(mut self) -> Self {
        self.no_prompt = true;
        self
    }

    /// Marks the command as one that is recorded without its name, such as the name of a cargo plugin.
    #[must_use]
    pub const fn transparent(mut self) -> Self {
        self.transparent = true;
        self
    }

    /// Marks the command as one whose runs are recorded, although they manage telemetry.
    #[must_use]
    pub const fn recorded(mut self) -> Self {
        assert!(
            self.manages,
            "`#[telemetry(record)]` on a variant is for the one that holds `TelemetryCommand`: every other command is \
             recorded anyway"
        );
        self.records_management = true;
        self
    }

    /// Whether runs of this command are recorded, given that those above it are. `records_management` if one of these
    /// is marked as [`recorded`](Self::recorded).
    pub(crate) const fn is_recorded(&self, records_management: bool) -> bool {
        !self.skip && (!self.manages || self.records_management || records_management)
    }

    /// Whether commands that manage telemetry are recorded from here on.
    pub(crate) const fn records_management(&self) -> bool {
        self.records_management
    }

    /// Marks the command as one that manages telemetry: the user is not asked before it runs.
    #[must_use]
    pub(crate) const fn managing(mut self) -> Self {
        self.manages = true;
        self
    }

    /// Adds the options that are recorded with this command.
    #[must_use]
    pub const fn with_options(mut self, options: RecordedOptions) -> Self {
        self.options = options;
        self
    }

    /// The options that are recorded with this command.
    pub const fn options(&self) -> RecordedOptions {
        self.options
    }

    /// The command's name, as clap shows it; empty for an entry that is not a command.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The entries below this one.
    pub const fn children(&self) -> &'static [CommandNode] {
        self.children
    }
}

/// Whether there are commands among `nodes`, and all of them manage telemetry.
const fn only_manage(mut nodes: &[CommandNode]) -> bool {
    let mut found = false;
    while let [first, rest @ ..] = nodes {
        match first.kind {
            NodeKind::Flatten if first.children.is_empty() => {}
            _ if first.manages => found = true,
            _ => return false,
        }
        nodes = rest;
    }
    found
}

/// The positions of the chosen commands in a [`CommandTree`](crate::CommandTree), outermost first.
///
/// It is `Copy`, does not allocate, and has no constructor that takes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandPath {
    len: u8,
    steps: [u16; MAX_STEPS],
}

impl CommandPath {
    /// Appends one position. A position that does not fit is dropped, so the path then names the nearest ancestor.
    pub fn push(&mut self, position: u16) {
        if let Some(slot) = self.steps.get_mut(usize::from(self.len)) {
            *slot = position;
            self.len += 1;
        }
    }

    /// Appends `position` and whatever `below` adds. `position` is removed again if `below` adds nothing.
    ///
    /// For fields whose subcommand may be absent: their position is not a command by itself.
    pub fn enter(&mut self, position: u16, below: impl FnOnce(&mut Self)) {
        let before = *self;
        self.push(position);
        let entered = self.len;
        below(self);
        if self.len == entered {
            *self = before;
        }
    }

    /// The nodes on this path through `commands`, including flattened ones.
    pub(crate) fn nodes(self, commands: &'static [CommandNode]) -> impl Iterator<Item = &'static CommandNode> {
        let mut level = commands;
        (0..usize::from(self.len)).map_while(move |index| {
            let node = level.get(usize::from(*self.steps.get(index)?))?;
            level = node.children;
            Some(node)
        })
    }

    /// Whether a run of this command is recorded.
    pub(crate) fn is_recorded(self, commands: &'static [CommandNode]) -> bool {
        let mut records_management = false;
        self.nodes(commands).all(|node| {
            records_management |= node.records_management;
            node.is_recorded(records_management)
        })
    }

    /// The recorded names on this path through `commands`, outermost first.
    pub(crate) fn names(self, commands: &'static [CommandNode]) -> impl Iterator<Item = &'static str> {
        self.nodes(commands).filter_map(CommandNode::recorded_name)
    }
}
