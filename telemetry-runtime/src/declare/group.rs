//! The groups of what an event holds beyond a command and how it ended.

/// The groups of details, each a field of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Options,
    Facts,
    Phases,
    Context,
    Active,
}

impl Group {
    pub(crate) const ALL: [Group; 5] = [Group::Options, Group::Facts, Group::Phases, Group::Context, Group::Active];

    /// The word before a detail's name, where groups are not nested.
    pub(crate) const fn singular(self) -> &'static str {
        match self {
            Group::Options => "option",
            Group::Facts => "fact",
            Group::Phases => "phase",
            Group::Context => "context",
            Group::Active => "active",
        }
    }

    /// The key in the event.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Group::Options => "options",
            Group::Facts => "facts",
            Group::Phases => "phases",
            Group::Context => "context",
            Group::Active => "active",
        }
    }
}
