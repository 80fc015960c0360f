//! The one table of what an event holds.
//!
//! A row is a field: its type, how its value is written and read, what it means, and which values it can have. The line of
//! the queue, reading it back, the schema, the disclosure and the question are all made from it.
//!
//! The table is a macro for one reason: writer, reader and texts go into separate items, so that a program contains those it
//! uses. A constant with function pointers would bring the reader of queue files into every program.

use serde_core::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use uuid::Uuid;

use super::names::Names;
use super::outcome::TaskStatus;
use super::read;

/// Integers up to this one have the same value in every reader of JSON.
const MAX_EXACT: i64 = 1 << 53;

/// What is said about one field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Its key in the event.
    pub(crate) name: &'static str,
    /// What it says, and what it does not.
    pub(crate) meaning: &'static str,
    /// The values it can have.
    pub(crate) values: Values,
}

/// The values a field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// The version of the format, a constant.
    Format,
    /// A random UUID (version 4), as 32 hexadecimal digits.
    Uuid,
    /// An integer between these two, both included.
    Integer {
        min: i64,
        max: i64,
    },
    /// The app's name, a constant.
    App,
    /// The program's version, a constant.
    Version,
    /// The kind of operating system, a constant of the build.
    Os,
    /// The kind of processor, a constant of the build.
    Arch,
    Flag,
    /// The names on a path through the command tree.
    Command,
    Status,
    /// One of the classes of errors, or null.
    ErrorClass,
}

macro_rules! fields {
    ($(
        $(#[$piece_doc:meta])*
        $piece:ident {
            $($name:ident: $type:ty {
                summary: $summary:literal,
                meaning: $meaning:literal,
                values: $values:expr,
                write: $write:path,
                read: $read:path,
            })*
        }
    )*) => {
        /// The fields of one event, as values: borrowed from the program's constants, or owned when read back.
        #[derive(Debug, Clone)]
        pub(crate) struct Fields<Text> {
            $($(#[doc = $meaning] pub(crate) $name: $type,)*)*
        }

        /// Every field of the event, in the order in which they are written.
        pub(crate) const FIELDS: &[Field] = &[
            $($(Field { name: stringify!($name), meaning: $meaning, values: $values },)*)*
        ];

        // As single texts, for what every program may need. The table itself is full of addresses, which the dynamic linker
        // would adjust at the start of every run.
        const NAMES: &str = concat!($($(stringify!($name), " ",)*)*);
        const SUMMARIES: &str = concat!($($($summary, "; ",)*)*);

        /// The pieces in which an event is written.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Piece {
            $($(#[$piece_doc])* $piece,)*
        }

        impl<Text: AsRef<str>> Fields<Text> {
            pub(super) fn write<M: SerializeMap>(&self, piece: Piece, map: &mut M) -> Result<(), M::Error> {
                match piece {
                    $(Piece::$piece => {
                        $(map.serialize_entry(stringify!($name), &$write(&self.$name))?;)*
                    })*
                }
                Ok(())
            }
        }

        impl Fields<String> {
            /// `None` unless `row` has exactly the form of an event: this decides what leaves the machine.
            pub(crate) fn read(row: &Value) -> Option<Self> {
                if row.as_object()?.len() != FIELDS.len() {
                    return None;
                }
                Some(Fields { $($($name: $read(&row[stringify!($name)])?,)*)* })
            }
        }
    };
}

fields! {
    /// What is known when the run begins.
    Start {
        v: u32 {
            summary: "the version of this format",
            meaning: "The version of the event's format.",
            values: Values::Format,
            write: itself,
            read: read::format_version,
        }
        session_id: Uuid {
            summary: "a random number for this run alone",
            meaning: "A random number, new in every run: an event that arrives twice is counted once. Runs cannot be linked by it.",
            values: Values::Uuid,
            write: hexadecimal,
            read: read::uuid,
        }
        start_time_unix_ms: u64 {
            summary: "when it began",
            meaning: "When the run began, in milliseconds since 1970.",
            values: Values::Integer { min: 0, max: MAX_EXACT },
            write: itself,
            read: Value::as_u64,
        }
        app: Text {
            summary: "the program",
            meaning: "The program's name.",
            values: Values::App,
            write: AsRef::<str>::as_ref,
            read: read::name,
        }
        version: Text {
            summary: "its version",
            meaning: "The program's version.",
            values: Values::Version,
            write: AsRef::<str>::as_ref,
            read: read::word,
        }
        os: Text {
            summary: "the operating system's kind",
            meaning: "The kind of operating system the program was built for, such as `linux`. Not its version, not its name.",
            values: Values::Os,
            write: AsRef::<str>::as_ref,
            read: read::word,
        }
        arch: Text {
            summary: "the processor's kind",
            meaning: "The kind of processor the program was built for, such as `x86_64`.",
            values: Values::Arch,
            write: AsRef::<str>::as_ref,
            read: read::word,
        }
        ci: bool {
            summary: "whether a CI system runs it",
            meaning: "Whether a continuous integration system ran the program.",
            values: Values::Flag,
            write: itself,
            read: Value::as_bool,
        }
    }

    /// What is known when the command line is parsed.
    Command {
        command: Names<Text> {
            summary: "the command's name",
            meaning: "The names of the chosen commands, out of the list below; empty when none is known. Not their arguments.",
            values: Values::Command,
            write: itself,
            read: read::names,
        }
    }

    /// What is known when the run has ended.
    End {
        status: TaskStatus {
            summary: "how it ended",
            meaning: "How the run ended, in a word.",
            values: Values::Status,
            write: status_name,
            read: read::status,
        }
        exit_code: i32 {
            summary: "the exit code",
            meaning: "The exit code; 128 + n for the signal n, -1 when unknown.",
            values: Values::Integer { min: -1, max: 255 },
            write: itself,
            read: read::exit_code,
        }
        error_class: Option<Text> {
            summary: "the error's class, without its message",
            meaning: "The kind of error that ended the run, out of the list below; null when there is none. Not its message.",
            values: Values::ErrorClass,
            write: optional,
            read: read::class,
        }
        duration_ms: i64 {
            summary: "how long it took",
            meaning: "How long the run took, in milliseconds; -1 when unknown.",
            values: Values::Integer { min: -1, max: MAX_EXACT },
            write: itself,
            read: Value::as_i64,
        }
    }
}

fn itself<T: Serialize>(value: &T) -> &T {
    value
}

fn hexadecimal(id: &Uuid) -> impl Serialize {
    Hexadecimal(*id)
}

fn status_name(status: &TaskStatus) -> &'static str {
    status.as_str()
}

fn optional<Text: AsRef<str>>(text: &Option<Text>) -> Option<&str> {
    text.as_ref().map(AsRef::as_ref)
}

/// Without hyphens, and without an allocation.
struct Hexadecimal(Uuid);

impl Serialize for Hexadecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.simple().encode_lower(&mut Uuid::encode_buffer()))
    }
}

/// The fields' names, in the order in which they are written.
pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
    NAMES.split_ascii_whitespace()
}

/// What the fields say, in a few words each, separated by semicolons.
pub(crate) fn summaries() -> &'static str {
    SUMMARIES.trim_end_matches("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_say_what_the_table_says() {
        assert!(names().eq(FIELDS.iter().map(|field| field.name)));
        assert_eq!(summaries().split("; ").count(), FIELDS.len());
    }
}
