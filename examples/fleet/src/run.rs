//! A run of somebody's CLI, as it was received.

/// What a receiver is told of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// A random number. An event that is delivered twice has the same one.
    pub session_id: [u8; 16],
    /// In milliseconds since 1970. Rounded down to the hour unless the author discloses more.
    pub start_unix_ms: u64,
    pub program: Program,
    /// `None` if the format does not tell.
    pub ci: Option<bool>,
    /// The names of the commands, separated by spaces; empty for none.
    pub command: String,
    /// `None` if the format does not tell.
    pub ending: Option<String>,
    /// One of [`STATUSES`].
    pub status: &'static str,
    /// `None` if unknown.
    pub exit_code: Option<i32>,
    pub error_class: Option<String>,
    /// `None` if unknown.
    pub duration_us: Option<u64>,
    pub options: Vec<(String, Value)>,
    pub facts: Vec<(String, Value)>,
    /// In microseconds.
    pub phases: Vec<(String, u64)>,
    pub context: Vec<(String, Value)>,
    /// The mark of a week's first run on a machine.
    pub active: Option<Active>,
    /// How many events the machine had lost before.
    pub dropped: u64,
}

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Program {
    pub app: String,
    pub version: String,
    /// OpenTelemetry's name, such as `darwin`.
    pub os: String,
    /// OpenTelemetry's name, such as `amd64`.
    pub arch: String,
}

/// The value of an option, a fact or a circumstance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
}

impl Value {
    /// The value as it is stored. Several words are separated by commas.
    pub fn to_text(&self) -> String {
        match self {
            Value::Flag(flag) => flag.to_string(),
            Value::Word(word) => word.clone(),
            Value::Words(words) => words.join(","),
        }
    }
}

/// The mark of a week's first run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// Such as `2026-W48`.
    pub week: String,
    /// How many weeks ago the user agreed, in four steps. `None` if a variable has agreed.
    pub since: Option<String>,
}

/// How a run ended.
pub const STATUSES: [&str; 7] = ["success", "failure", "completed", "error", "canceled", "interrupted", "undefined"];

/// The known status of this name.
pub fn status(name: &str) -> Option<&'static str> {
    STATUSES.into_iter().find(|status| *status == name)
}

/// Whether a run that ended so has failed.
pub fn has_failed(status: &str) -> bool {
    matches!(status, "failure" | "error")
}

/// The longest text that a receiver takes for a name or a value. Those of a program are constants in its source.
const MAX_TEXT: usize = 200;

/// Whether a text can be the name or value of something.
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_TEXT && !text.chars().any(char::is_control)
}
