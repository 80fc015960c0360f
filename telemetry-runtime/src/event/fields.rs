//! The table of the event's fields, the only definition of what an event holds.
//!
//! Each entry is a field: its type, how its value is written and read, what it means, and which values
//! it can have. The queue's writer and reader, the JSON Schema, the disclosure and the consent question are all generated from it.
//!
//! The table is a macro for one reason: writer, reader and descriptions become separate items, so that a program
//! contains only those it uses. A constant with function pointers would link the queue's reader into every program.

use std::slice;

use uuid::Uuid;

use super::json;
use super::names::Names;
use super::outcome::{Ending, TaskStatus};
use super::read::{self, ReadNames};
use crate::declare::Pieces;
use crate::json::{Entries, Json};
use crate::sys::EXIT_CODES;

/// The largest magnitude up to which every JSON reader represents integers exactly.
const MAX_EXACT: i64 = 1 << 53;

/// The lowest number for an exit code: the lowest exit code, or -1 for an unknown one.
const MIN_EXIT_CODE: i64 = if *EXIT_CODES.start() < -1 { *EXIT_CODES.start() as i64 } else { -1 };

const MAX_EXIT_CODE: i64 = *EXIT_CODES.end() as i64;

/// The fields of an event of this program: its texts are constants.
pub(crate) type KnownFields = Fields<'static, Names>;

/// The fields of an event that was read back.
pub(crate) type ReadFields<'a> = Fields<'a, ReadNames<'a>>;

/// How many exit codes an event can have, with -1 for an unknown one.
pub(crate) const EXIT_CODES_COUNT: u64 = MAX_EXIT_CODE.abs_diff(MIN_EXIT_CODE) + 1;

/// The documentation of one field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// The key in the event.
    pub(crate) name: &'static str,
    /// What the field says, and what it does not say.
    pub(crate) meaning: &'static str,
    /// The possible values.
    pub(crate) values: Values,
}

/// The values a field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// The version of the event's format, a constant.
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
    /// The operating system family, a constant of the build.
    Os,
    /// The processor architecture, a constant of the build.
    Arch,
    Flag,
    /// The names on a path through the command tree.
    Command,
    Ending,
    Status,
    /// An error class, or null.
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
        /// The values of one event's fields.
        #[derive(Debug, Clone)]
        pub(crate) struct Fields<'a, Path> {
            $($(#[doc = $meaning] pub(crate) $name: $type,)*)*
        }

        // Single strings: the dynamic linker would relocate every pointer of a table at the start of every run.
        const NAMES: &str = concat!($($(stringify!($name), " ",)*)* "dropped_events exact_start_time");
        const SUMMARIES: &str =
            concat!($($($summary, ";",)*)* "events lost before;the start to the millisecond");
        const MEANINGS: &str = concat!($($($meaning, "\n",)*)*);
        const VALUES: &[Values] = &[$($($values,)*)*];

        /// The pieces in which an event is written.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Piece {
            $($(#[$piece_doc])* $piece,)*
        }

        impl KnownFields {
            /// Appends the fields of a piece to an object.
            pub(super) fn write(&self, piece: Piece, line: &mut Vec<u8>) {
                match piece {
                    $(Piece::$piece => {
                        $(append(line, concat!(",\"", stringify!($name), "\":"), $write(&self.$name));)*
                    })*
                }
            }
        }

        impl<'a> ReadFields<'a> {
            /// `None` unless `row` has every field of an event, each with a value that it can have.
            pub(super) fn read(row: Json<'a>) -> Option<Self> {
                let mut entries = row.as_object()?;
                Some(Fields { $($($name: $read(find(row, &mut entries, stringify!($name))?)?,)*)* })
            }
        }
    };
}

fields! {
    /// The fields known when the run begins.
    Start {
        v: u32 {
            summary: "format version",
            meaning: "The version of the event's format.",
            values: Values::Format,
            write: integer,
            read: read::format_version,
        }
        session_id: Uuid {
            summary: "a random number for this run",
            meaning: "A random number, new for every run, so that an event delivered twice is counted once. It cannot link runs to each other.",
            values: Values::Uuid,
            write: hexadecimal,
            read: read::uuid,
        }
        start_time_unix_ms: u64 {
            summary: "when it began",
            meaning: "When the run began, in milliseconds since 1970.",
            values: Values::Integer { min: 0, max: MAX_EXACT },
            write: integer,
            read: Json::as_u64,
        }
        app: &'a str {
            summary: "program",
            meaning: "The program's name.",
            values: Values::App,
            write: text,
            read: read::name,
        }
        version: &'a str {
            summary: "version",
            meaning: "The program's version.",
            values: Values::Version,
            write: text,
            read: read::name,
        }
        os: &'a str {
            summary: "system",
            meaning: "The operating system family the program was built for, such as `linux`. Not its version or distribution.",
            values: Values::Os,
            write: text,
            read: read::word,
        }
        arch: &'a str {
            summary: "processor",
            meaning: "The processor architecture the program was built for, such as `x86_64`.",
            values: Values::Arch,
            write: text,
            read: read::word,
        }
        ci: bool {
            summary: "CI or not",
            meaning: "Whether the program ran in a continuous integration system.",
            values: Values::Flag,
            write: flag,
            read: Json::as_bool,
        }
    }

    /// The fields known when the command line is parsed.
    Command {
        command: Path {
            summary: "which command ran",
            meaning: "The names of the chosen commands, from the list below; empty when none is known. Not their arguments.",
            values: Values::Command,
            write: names_of,
            read: read::path,
        }
    }

    /// The fields known when the run has ended.
    End {
        ending: Ending {
            summary: "what ended it",
            meaning: "What ended the run: `return` (main returned), `error` (main returned an error), `exit` (the program exited), `panic`, `signal`, `usage` (the command line was wrong), `help`, `version`, `exec` (another program took over), or `abandoned` (nothing told).",
            values: Values::Ending,
            write: ending_name,
            read: read::ending,
        }
        status: TaskStatus {
            summary: "how it ended",
            meaning: "How the run ended, in one word.",
            values: Values::Status,
            write: status_name,
            read: read::status,
        }
        exit_code: i32 {
            summary: "exit code",
            meaning: "The exit code; 128 + n if signal n ended the run, -1 when unknown.",
            values: Values::Integer { min: MIN_EXIT_CODE, max: MAX_EXIT_CODE },
            write: integer,
            read: read::exit_code,
        }
        error_class: Option<&'a str> {
            summary: "error class",
            meaning: "The class of the error that ended the run, from the list below; null when there is none. Not its message.",
            values: Values::ErrorClass,
            write: optional,
            read: read::class,
        }
        duration_us: i64 {
            summary: "how long it took",
            meaning: "How long the run took, in microseconds; -1 when unknown.",
            values: Values::Integer { min: -1, max: MAX_EXACT },
            write: integer,
            read: Json::as_i64,
        }
    }
}

/// The value of the field `name` in `row`. Looks for it in the rest of the `entries` first: in the order of writing, it is the
/// next one, or follows a group of details.
#[inline(never)]
fn find<'a>(row: Json<'a>, entries: &mut Entries<'a>, name: &str) -> Option<Json<'a>> {
    for (key, value) in entries.by_ref() {
        if key == name {
            return Some(value);
        }
    }
    *entries = row.as_object()?;
    entries.find_map(|(key, value)| (key == name).then_some(value))
}

/// A value as it is written.
#[derive(Clone, Copy)]
enum Written<'a> {
    Integer(i64),
    Flag(bool),
    Text(&'static str),
    Null,
    Uuid(Uuid),
    Names(&'a Names),
}

/// Appends a field, whose `key` is in JSON already. Not inlined, since it would be for every field.
#[inline(never)]
fn append(line: &mut Vec<u8>, key: &'static str, value: Written<'_>) {
    line.extend_from_slice(key.as_bytes());
    match value {
        Written::Integer(number) => json::integer(line, number),
        Written::Flag(flag) => json::flag(line, flag),
        Written::Text(text) => json::text(line, text),
        Written::Null => line.extend_from_slice(b"null"),
        // Without hyphens and without an allocation.
        Written::Uuid(id) => json::text(line, id.simple().encode_lower(&mut Uuid::encode_buffer())),
        Written::Names(names) => json::texts(line, names.iter()),
    }
}

fn integer<T: Copy + TryInto<i64>>(value: &T) -> Written<'_> {
    Written::Integer((*value).try_into().unwrap_or(i64::MAX))
}

fn flag(value: &bool) -> Written<'_> {
    Written::Flag(*value)
}

fn text<'a>(value: &&'static str) -> Written<'a> {
    Written::Text(value)
}

fn optional<'a>(value: &Option<&'static str>) -> Written<'a> {
    value.map_or(Written::Null, Written::Text)
}

fn hexadecimal(value: &Uuid) -> Written<'_> {
    Written::Uuid(*value)
}

fn names_of(value: &Names) -> Written<'_> {
    Written::Names(value)
}

fn ending_name(ending: &Ending) -> Written<'_> {
    Written::Text(ending.as_str())
}

fn status_name(status: &TaskStatus) -> Written<'_> {
    Written::Text(status.as_str())
}

/// The fields' names, in the order of writing, and then what a receiver is told beyond an event: how many events were lost before, and, with the key
/// `time = "exact"`, starts to the millisecond.
pub(crate) fn names_and_more() -> impl Iterator<Item = &'static str> + Clone {
    Pieces::new(NAMES, b' ')
}

pub(crate) const NAMES_COUNT: usize = VALUES.len();

/// Every field of the event, in the order of writing.
#[inline(never)]
pub(crate) fn every_field() -> impl Iterator<Item = Field> + Clone {
    Documented { names: Pieces::new(NAMES, b' '), meanings: Pieces::new(MEANINGS, b'\n'), values: VALUES.iter() }
}

#[derive(Clone)]
struct Documented {
    names: Pieces<'static>,
    meanings: Pieces<'static>,
    values: slice::Iter<'static, Values>,
}

impl Iterator for Documented {
    type Item = Field;

    // Not inlined: the compiler would unroll the caller's loop.
    #[inline(never)]
    fn next(&mut self) -> Option<Field> {
        Some(Field { name: self.names.next()?, meaning: self.meanings.next()?, values: *self.values.next()? })
    }
}

/// Each of these names in a few words, for the user who is asked.
pub(crate) fn summaries() -> impl Iterator<Item = (&'static str, &'static str)> {
    names_and_more().zip(Pieces::new(SUMMARIES, b';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_meaning_and_every_name_a_summary() {
        assert_eq!(every_field().count(), NAMES_COUNT);
        assert_eq!(MEANINGS.lines().count(), NAMES_COUNT);
        assert_eq!(SUMMARIES.split(';').count(), names_and_more().count());
    }
}
