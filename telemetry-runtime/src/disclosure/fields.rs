//! The one table of what an event holds: all that is said about its fields is made from it.

/// One field of the event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Its key in the event.
    pub(crate) name: &'static str,
    /// What it says, in a few words, for the prompt.
    pub(crate) summary: &'static str,
    /// What it says, and what it does not.
    pub(crate) meaning: &'static str,
    /// What its value can be.
    pub(crate) kind: Kind,
}

/// The values a field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
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

/// Integers up to this one have the same value in every reader of JSON.
const MAX_EXACT: i64 = 1 << 53;

/// Every field of the event, in its order.
pub(crate) const FIELDS: &[Field] = &[
    Field {
        name: "v",
        summary: "the version of this format",
        meaning: "The version of the event's format.",
        kind: Kind::Format,
    },
    Field {
        name: "session_id",
        summary: "a random number for this run alone",
        meaning: "A random number, new in every run: an event that arrives twice is counted once. Runs cannot be linked by it.",
        kind: Kind::Uuid,
    },
    Field {
        name: "start_time_unix_ms",
        summary: "when it began",
        meaning: "When the run began, in milliseconds since 1970.",
        kind: Kind::Integer { min: 0, max: MAX_EXACT },
    },
    Field { name: "app", summary: "the program", meaning: "The program's name.", kind: Kind::App },
    Field { name: "version", summary: "its version", meaning: "The program's version.", kind: Kind::Version },
    Field {
        name: "os",
        summary: "the operating system's kind",
        meaning: "The kind of operating system the program was built for, such as `linux`. Not its version, not its name.",
        kind: Kind::Os,
    },
    Field {
        name: "arch",
        summary: "the processor's kind",
        meaning: "The kind of processor the program was built for, such as `x86_64`.",
        kind: Kind::Arch,
    },
    Field {
        name: "ci",
        summary: "whether a CI system runs it",
        meaning: "Whether a continuous integration system ran the program.",
        kind: Kind::Flag,
    },
    Field {
        name: "command",
        summary: "the command's name",
        meaning: "The names of the chosen commands, out of the list below; empty when none is known. Not their arguments.",
        kind: Kind::Command,
    },
    Field { name: "status", summary: "how it ended", meaning: "How the run ended, in a word.", kind: Kind::Status },
    Field {
        name: "exit_code",
        summary: "the exit code",
        meaning: "The exit code; 128 + n for the signal n, -1 when unknown.",
        kind: Kind::Integer { min: -1, max: 255 },
    },
    Field {
        name: "error_class",
        summary: "the error's class, without its message",
        meaning: "The kind of error that ended the run, out of the list below; null when there is none. Not its message.",
        kind: Kind::ErrorClass,
    },
    Field {
        name: "duration_ms",
        summary: "how long it took",
        meaning: "How long the run took, in milliseconds; -1 when unknown.",
        kind: Kind::Integer { min: -1, max: MAX_EXACT },
    },
];

// The table itself is only for those who show it. It is full of addresses, which the dynamic linker adjusts at the start of
// every run; what every program may need of it is one text and some numbers, which the compiler puts together.

/// The fields' names, in the order in which they are written.
pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
    const ENDS: [usize; FIELDS.len()] = ends(Part::Name);
    const TEXT: [u8; ENDS[ENDS.len() - 1]] = joined(Part::Name);
    parts(const { as_text(&TEXT) }, &ENDS)
}

/// What the fields say, in a few words each.
pub(crate) fn summaries() -> impl Iterator<Item = &'static str> {
    const ENDS: [usize; FIELDS.len()] = ends(Part::Summary);
    const TEXT: [u8; ENDS[ENDS.len() - 1]] = joined(Part::Summary);
    parts(const { as_text(&TEXT) }, &ENDS)
}

fn parts(text: &'static str, ends: &'static [usize]) -> impl Iterator<Item = &'static str> + Clone {
    ends.iter().scan(0, move |start, &end| {
        let part = text.get(*start..end);
        *start = end;
        part
    })
}

#[derive(Clone, Copy)]
enum Part {
    Name,
    Summary,
}

impl Part {
    const fn of(self, field: &Field) -> &'static [u8] {
        match self {
            Part::Name => field.name.as_bytes(),
            Part::Summary => field.summary.as_bytes(),
        }
    }
}

/// Where each field's part ends, when they stand one behind the other.
const fn ends(part: Part) -> [usize; FIELDS.len()] {
    let mut ends = [0; FIELDS.len()];
    let (mut index, mut end) = (0, 0);
    while index < FIELDS.len() {
        end += part.of(&FIELDS[index]).len();
        ends[index] = end;
        index += 1;
    }
    ends
}

const fn joined<const LENGTH: usize>(part: Part) -> [u8; LENGTH] {
    let mut joined = [0; LENGTH];
    let (mut end, mut rest) = (0, FIELDS);
    while let [field, behind @ ..] = rest {
        let mut bytes = part.of(field);
        while let [byte, behind @ ..] = bytes {
            joined[end] = *byte;
            end += 1;
            bytes = behind;
        }
        rest = behind;
    }
    joined
}

// Panics while the program is compiled, or never.
#[allow(clippy::panic)]
const fn as_text(bytes: &'static [u8]) -> &'static str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("texts, one behind the other, are one"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::app::Root;
    use crate::disclosure::Disclosure;
    use crate::event::sample::{Cli, event};

    #[test]
    fn what_is_joined_is_the_table() {
        assert!(names().eq(FIELDS.iter().map(|field| field.name)));
        assert!(summaries().eq(FIELDS.iter().map(|field| field.summary)));
    }

    #[test]
    fn an_event_has_these_keys_in_this_order() {
        let line = event().to_json();
        let places = FIELDS.iter().map(|field| line.find(&format!("\"{}\":", field.name)));
        assert!(places.clone().all(|place| place.is_some()) && places.is_sorted(), "{line}");
        let event: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(event.as_object().unwrap().len(), FIELDS.len());
    }

    #[test]
    fn what_is_disclosed_is_what_events_hold() {
        let disclosure = Disclosure::of(Root::of::<Cli>());
        let event: Value = serde_json::from_str(&event().to_json()).unwrap();
        assert_eq!(disclosure.undisclosed(&event), Vec::<String>::new());
        for field in FIELDS {
            let mut changed = event.clone();
            changed[field.name] = json!("me@example.com");
            assert_eq!(disclosure.undisclosed(&changed).len(), 1, "{changed}");
            let mut less = event.clone();
            less.as_object_mut().unwrap().remove(field.name);
            assert_eq!(disclosure.undisclosed(&less), [format!("field `{}` is missing", field.name)]);
        }
        for (field, value) in [
            ("user", json!("me")),
            ("exit_code", json!(256)),
            ("duration_ms", json!(-2)),
            ("session_id", json!(Uuid::nil().simple().to_string())),
            ("command", json!(["run", "me"])),
            ("command", json!(["me"])),
        ] {
            let mut changed = event.clone();
            changed[field] = value;
            assert_eq!(disclosure.undisclosed(&changed).len(), 1, "{changed}");
        }
    }
}
