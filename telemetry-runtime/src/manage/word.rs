//! The names of the management commands, with their help and their options.
//!
//! By hand, since every program with these commands carries it: the code that clap derives is much larger.

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum};

/// A management command, by name. Also a value of [`TelemetryFlag`](super::TelemetryFlag).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Status,
    Enable,
    Disable,
    Show,
    Export,
    Purge,
    Schema,
    Disclosure,
    #[cfg(feature = "http")]
    Flush,
}

/// The options of a command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) json: bool,
    /// How many events to show.
    pub(super) limit: Option<usize>,
    #[cfg(feature = "html")]
    pub(super) html: bool,
    #[cfg(feature = "http")]
    pub(super) wire: bool,
    #[cfg(feature = "http")]
    pub(super) sent: bool,
}

impl Word {
    /// In the order of the help.
    pub(super) const ALL: &[Word] = &[
        Word::Status,
        Word::Enable,
        Word::Disable,
        Word::Show,
        Word::Export,
        Word::Purge,
        Word::Schema,
        Word::Disclosure,
        #[cfg(feature = "http")]
        Word::Flush,
    ];

    pub(super) fn name(self) -> &'static str {
        self.described().0
    }

    /// Its name, and what the help says of it.
    #[inline]
    pub(super) fn described(self) -> (&'static str, &'static str) {
        match self {
            Word::Status => ("status", "Show whether telemetry is on, who decided that, and what is queued"),
            Word::Enable => ("enable", "Allow telemetry"),
            Word::Disable => ("disable", "Forbid telemetry, and delete all recorded events"),
            Word::Show => ("show", "Show how commands were used, and the newest queued events"),
            Word::Export => ("export", "Print everything that is kept about you, as JSON lines"),
            Word::Purge => ("purge", "Delete everything that was recorded"),
            Word::Schema => ("schema", "Print the JSON Schema of every event that can be recorded"),
            Word::Disclosure => ("disclosure", "Print what is collected, what is not, and where it goes"),
            #[cfg(feature = "http")]
            Word::Flush => ("flush", "Deliver the queued events now"),
        }
    }

    pub(super) fn called(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.name() == name)
    }

    /// The command as clap parses it.
    #[inline]
    pub(super) fn command(self) -> Command {
        let (name, about) = self.described();
        let mut command = Command::new(name).about(about);
        for option in CommandOption::ALL {
            if let Some(help) = option.help(self) {
                command = command.arg(option.arg().help(help));
            }
        }
        command
    }
}

/// An option of a command, in the order of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CommandOption {
    Limit,
    Json,
    #[cfg(feature = "html")]
    Html,
    #[cfg(feature = "http")]
    Sent,
    #[cfg(feature = "http")]
    Wire,
}

impl CommandOption {
    const ALL: &[CommandOption] = &[
        CommandOption::Limit,
        CommandOption::Json,
        #[cfg(feature = "html")]
        CommandOption::Html,
        #[cfg(feature = "http")]
        CommandOption::Sent,
        #[cfg(feature = "http")]
        CommandOption::Wire,
    ];

    /// The name, and the argument's id.
    fn name(self) -> &'static str {
        match self {
            CommandOption::Limit => "limit",
            CommandOption::Json => "json",
            #[cfg(feature = "html")]
            CommandOption::Html => "html",
            #[cfg(feature = "http")]
            CommandOption::Sent => "sent",
            #[cfg(feature = "http")]
            CommandOption::Wire => "wire",
        }
    }

    /// What the help of `command` says about it. `None` if that command does not have it.
    fn help(self, command: Word) -> Option<&'static str> {
        match (command, self) {
            (Word::Status, CommandOption::Json) => Some("Print one JSON object"),
            (Word::Show, CommandOption::Limit) => {
                Some("Show at most this many events, the newest [default: 20; with --json: all]")
            }
            (Word::Show, CommandOption::Json) => Some("Print the events as they are stored, one JSON object per line"),
            #[cfg(feature = "html")]
            (Word::Show, CommandOption::Html) => {
                Some("Write one page with pictures, and open it if this is a terminal")
            }
            #[cfg(feature = "http")]
            (Word::Show, CommandOption::Sent) => Some("Show which events a receiver has accepted lately, and when"),
            #[cfg(feature = "http")]
            (Word::Show, CommandOption::Wire) => {
                Some("Print exactly the bytes that would be sent, except that they are sent in random order")
            }
            _ => None,
        }
    }

    /// The other options that it cannot be combined with.
    fn excluded(self) -> &'static [CommandOption] {
        match self {
            #[cfg(all(feature = "html", feature = "http"))]
            CommandOption::Html => {
                &[CommandOption::Json, CommandOption::Limit, CommandOption::Sent, CommandOption::Wire]
            }
            #[cfg(all(feature = "html", not(feature = "http")))]
            CommandOption::Html => &[CommandOption::Json, CommandOption::Limit],
            #[cfg(feature = "http")]
            CommandOption::Wire => &[CommandOption::Json, CommandOption::Limit, CommandOption::Sent],
            _ => &[],
        }
    }

    #[inline]
    fn arg(self) -> Arg {
        let mut arg = Arg::new(self.name()).long(self.name());
        for other in self.excluded() {
            arg = arg.conflicts_with(other.name());
        }
        match self {
            CommandOption::Limit => arg.value_name("NUMBER").value_parser(clap::value_parser!(usize)),
            _ => arg.action(ArgAction::SetTrue),
        }
    }
}

impl Options {
    /// From the matches of the command.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        // No command has all of them.
        let is_given = |option: CommandOption| matches.try_get_one(option.name()).ok().flatten() == Some(&true);
        Options {
            json: is_given(CommandOption::Json),
            limit: matches.try_get_one(CommandOption::Limit.name()).ok().flatten().copied(),
            #[cfg(feature = "html")]
            html: is_given(CommandOption::Html),
            #[cfg(feature = "http")]
            wire: is_given(CommandOption::Wire),
            #[cfg(feature = "http")]
            sent: is_given(CommandOption::Sent),
        }
    }
}

impl ValueEnum for Word {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = self.described();
        Some(PossibleValue::new(name).help(help))
    }
}
