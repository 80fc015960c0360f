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
        let command = Command::new(name).about(about);
        match self {
            Word::Status => command.arg(flag(JSON, "Print one JSON object")),
            Word::Show => {
                let limit = Arg::new(LIMIT).long(LIMIT).value_name("NUMBER").value_parser(clap::value_parser!(usize));
                let command = command
                    .arg(limit.help("Show at most this many events, the newest [default: 20; with --json: all]"))
                    .arg(flag(JSON, "Print the events as they are stored, one JSON object per line"));
                #[cfg(feature = "html")]
                let command = command.arg(
                    flag(HTML, "Write one page with pictures, and open it if this is a terminal")
                        .conflicts_with_all([JSON, LIMIT]),
                );
                #[cfg(feature = "http")]
                let command =
                    command.arg(flag(SENT, "Show which events a receiver has accepted lately, and when")).arg(
                        flag(
                            WIRE,
                            "Print exactly the bytes that would be sent, except that they are sent in random order",
                        )
                        .conflicts_with_all([JSON, LIMIT, SENT]),
                    );
                #[cfg(all(feature = "html", feature = "http"))]
                let command = command.mut_arg(HTML, |html| html.conflicts_with_all([SENT, WIRE]));
                command
            }
            _ => command,
        }
    }
}

const LIMIT: &str = "limit";
const JSON: &str = "json";
#[cfg(feature = "html")]
const HTML: &str = "html";
#[cfg(feature = "http")]
const WIRE: &str = "wire";
#[cfg(feature = "http")]
const SENT: &str = "sent";

#[inline]
fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

impl Options {
    /// From the matches of the command.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        // No command has all of them.
        let is_given = |name| matches.try_get_one(name).ok().flatten() == Some(&true);
        Options {
            json: is_given(JSON),
            limit: matches.try_get_one(LIMIT).ok().flatten().copied(),
            #[cfg(feature = "html")]
            html: is_given(HTML),
            #[cfg(feature = "http")]
            wire: is_given(WIRE),
            #[cfg(feature = "http")]
            sent: is_given(SENT),
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
