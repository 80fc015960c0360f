//! The one table of what an event holds.

/// One field of the event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Its key in the event.
    pub(crate) name: &'static str,
    /// What it says, in a few words, for the prompt.
    pub(crate) summary: &'static str,
}

/// Every field of the event, in its order.
pub(crate) const FIELDS: &[Field] = &[
    Field { name: "v", summary: "the version of this format" },
    Field { name: "session_id", summary: "a random number for this run alone" },
    Field { name: "start_time_unix_ms", summary: "when it began" },
    Field { name: "app", summary: "the program" },
    Field { name: "version", summary: "its version" },
    Field { name: "os", summary: "the operating system's kind" },
    Field { name: "arch", summary: "the processor's kind" },
    Field { name: "ci", summary: "whether a CI system runs it" },
    Field { name: "command", summary: "the command's name" },
    Field { name: "status", summary: "how it ended" },
    Field { name: "exit_code", summary: "the exit code" },
    Field { name: "error_class", summary: "the error's class, without its message" },
    Field { name: "duration_ms", summary: "how long it took" },
];
