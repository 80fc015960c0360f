//! The command tree of a CLI as constants, and the path a run took through it.
//!
//! A path is a list of *positions* in the tree, not of names: [`CommandPath`] holds small integers, and the names
//! they stand for are read from [`CommandTree::COMMANDS`], an associated constant that the compiler has evaluated.
//! So no text that exists only at run time can be represented, not even a leaked `&'static str`.

/// The deepest command that is recorded, in names. A deeper tree does not compile.
pub(crate) const MAX_DEPTH: usize = 8;

/// Positions a path can hold. More than [`MAX_DEPTH`], since a flattened enum takes a position but adds no name.
pub(crate) const MAX_STEPS: usize = 16;

/// The name that stands for every external subcommand. What the user typed is not looked at.
pub(crate) const EXTERNAL: &str = "external";

/// A type whose values say which subcommand was chosen.
///
/// Implemented by [`#[telemetry_cli]`](crate::telemetry_cli) on clap's `Parser`, `Subcommand` and `Args` types.
/// `Box<T>` and `Option<T>` are transparent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds subcommands, but `#[telemetry_cli]` is missing on it",
    label = "`{Self}` is not instrumented",
    note = "if `{Self}` derives `Subcommand`, `Args` or `Parser`, add `#[telemetry_cli]` to it",
    note = "if `{Self}` implements `Subcommand` or `Args` by hand, or belongs to another crate, add `#[telemetry(opaque)]` to this variant or field: the commands below it are then not recorded"
)]
pub trait CommandTree {
    /// The commands below this type, in the order of the source.
    #[doc(hidden)]
    const COMMANDS: &'static [CommandNode];

    /// Appends the position of the chosen command, and of those chosen below it, to `path`.
    #[doc(hidden)]
    fn command_path(&self, path: &mut CommandPath);
}

/// One entry of the command tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandNode {
    pub(crate) name: &'static str,
    pub(crate) kind: NodeKind,
    pub(crate) skip: bool,
    /// A run of it is not interrupted by the question for consent.
    pub(crate) no_prompt: bool,
    /// It is one by which the user decides about telemetry.
    pub(crate) manages: bool,
    pub(crate) children: &'static [CommandNode],
}

/// What a [`CommandNode`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// A command with a name of its own.
    Command,
    /// A command whose children are deliberately not listed.
    Opaque,
    /// No command: its children stand in the place of this entry.
    Flatten,
    /// Any name that no other entry has.
    External,
    /// No command: beside its siblings there may be commands that are deliberately not listed.
    Unlisted,
}

impl CommandNode {
    /// A command and the commands below it.
    pub const fn command(name: &'static str, children: &'static [CommandNode]) -> Self {
        CommandNode { name, kind: NodeKind::Command, skip: false, no_prompt: false, manages: false, children }
    }

    /// A command that is recorded without what lies below it.
    pub const fn opaque(name: &'static str) -> Self {
        CommandNode { name, kind: NodeKind::Opaque, skip: false, no_prompt: false, manages: false, children: &[] }
    }

    /// The children of a flattened type, which stand beside this node's siblings.
    pub const fn flatten(children: &'static [CommandNode]) -> Self {
        CommandNode { name: "", kind: NodeKind::Flatten, skip: false, no_prompt: false, manages: false, children }
    }

    /// Every external subcommand, under the one name [`EXTERNAL`].
    pub const fn external() -> Self {
        CommandNode {
            name: EXTERNAL,
            kind: NodeKind::External,
            skip: false,
            no_prompt: false,
            manages: false,
            children: &[],
        }
    }

    /// Commands of a type whose author does not list them, or cannot. Their runs are recorded as those of the parent.
    pub const fn unlisted() -> Self {
        CommandNode { name: "", kind: NodeKind::Unlisted, skip: false, no_prompt: false, manages: false, children: &[] }
    }

    /// Whether it is a command, or stands for some: the others have no name.
    pub(crate) fn is_command(&self) -> bool {
        !matches!(self.kind, NodeKind::Flatten | NodeKind::Unlisted)
    }

    /// The same command, of whose runs no event is kept.
    #[must_use]
    pub const fn skipped(mut self) -> Self {
        self.skip = true;
        self
    }

    /// The same command. The user is never asked for consent in a run of it.
    #[must_use]
    pub const fn no_prompt(mut self) -> Self {
        self.no_prompt = true;
        self
    }

    /// The same command, by which the user decides about telemetry: they are not asked before it.
    #[must_use]
    pub(crate) const fn managing(mut self) -> Self {
        self.manages = true;
        self
    }

    /// The command's name, as clap shows it; empty for an entry that is none.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The entries below this one.
    pub const fn children(&self) -> &'static [CommandNode] {
        self.children
    }
}

/// The positions of the chosen commands in a [`CommandTree`], outermost first.
///
/// `Copy`, without heap, and without any constructor that takes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandPath {
    len: u8,
    steps: [u16; MAX_STEPS],
}

impl CommandPath {
    /// Appends one position. What no longer fits is dropped: the path then names the nearest known ancestor.
    pub fn push(&mut self, position: u16) {
        if let Some(slot) = self.steps.get_mut(usize::from(self.len)) {
            *slot = position;
            self.len += 1;
        }
    }

    /// Appends `position` and what `below` adds; nothing at all when `below` adds nothing.
    ///
    /// For a field whose subcommand may be absent: the position leads to its commands but is none itself.
    pub fn enter(&mut self, position: u16, below: impl FnOnce(&mut Self)) {
        let before = *self;
        self.push(position);
        let entered = self.len;
        below(self);
        if self.len == entered {
            *self = before;
        }
    }

    /// The nodes on this path through `commands`, flattened entries included.
    pub(crate) fn nodes(self, commands: &'static [CommandNode]) -> impl Iterator<Item = &'static CommandNode> {
        let mut level = commands;
        (0..usize::from(self.len)).map_while(move |index| {
            let node = level.get(usize::from(*self.steps.get(index)?))?;
            level = node.children;
            Some(node)
        })
    }

    /// The names on this path through `commands`, outermost first.
    pub(crate) fn names(self, commands: &'static [CommandNode]) -> impl Iterator<Item = &'static str> {
        self.nodes(commands).filter(|node| node.is_command()).map(|node| node.name)
    }
}

impl<T: CommandTree + ?Sized> CommandTree for Box<T> {
    const COMMANDS: &'static [CommandNode] = T::COMMANDS;

    fn command_path(&self, path: &mut CommandPath) {
        T::command_path(self, path);
    }
}

impl<T: CommandTree> CommandTree for Option<T> {
    const COMMANDS: &'static [CommandNode] = T::COMMANDS;

    fn command_path(&self, path: &mut CommandPath) {
        if let Some(chosen) = self {
            chosen.command_path(path);
        }
    }
}
