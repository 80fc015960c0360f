//! A run of somebody's CLI, as it was received.

use std::borrow::Cow;

/// A text of a request that is being read, or of a constant.
pub type Text<'a> = Cow<'a, str>;

/// What a receiver is told of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// A random number. An event that is delivered twice has the same one.
    pub session_id: [u8; 16],
    /// In milliseconds since 1970. Rounded down to the hour unless the author discloses more.
    pub start_unix_ms: u64,
    pub program: Program<'a>,
    /// `None` if the format does not tell.
    pub ci: Option<bool>,
    /// The names of the commands, separated by spaces; empty for none.
    pub command: Text<'a>,
    /// `None` if the format does not tell.
    pub ending: Option<Text<'a>>,
    /// One of [`STATUSES`].
    pub status: &'static str,
    /// `None` if unknown.
    pub exit_code: Option<i32>,
    pub error_class: Option<Text<'a>>,
    /// `None` if unknown.
    pub duration_us: Option<u64>,
    pub options: Vec<(Text<'a>, Value<'a>)>,
    pub facts: Vec<(Text<'a>, Value<'a>)>,
    /// In microseconds.
    pub phases: Vec<(Text<'a>, u64)>,
    pub context: Vec<(Text<'a>, Value<'a>)>,
    /// The mark of a week's first run on a machine.
    pub active: Option<Active<'a>>,
    /// How many events the machine had lost before.
    pub dropped: u64,
}

impl<'a> Run<'a> {
    /// A run of which nothing else is known.
    pub fn new(session_id: [u8; 16], start_unix_ms: u64, program: Program<'a>) -> Self {
        Run {
            session_id,
            start_unix_ms,
            program,
            ci: None,
            command: Text::default(),
            ending: None,
            status: "undefined",
            exit_code: None,
            error_class: None,
            duration_us: None,
            options: Vec::new(),
            facts: Vec::new(),
            phases: Vec::new(),
            context: Vec::new(),
            active: None,
            dropped: 0,
        }
    }
}

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program<'a> {
    /// Empty if unknown.
    pub app: Text<'a>,
    pub version: Text<'a>,
    /// OpenTelemetry's name, such as `darwin`.
    pub os: Text<'a>,
    /// OpenTelemetry's name, such as `amd64`.
    pub arch: Text<'a>,
}

impl Default for Program<'_> {
    fn default() -> Self {
        let unknown = Cow::Borrowed("unknown");
        Program { app: Cow::Borrowed(""), version: unknown.clone(), os: unknown.clone(), arch: unknown }
    }
}

/// The value of an option, a fact or a circumstance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    Flag(bool),
    Word(Text<'a>),
    Words(Vec<Text<'a>>),
}

impl Value<'_> {
    /// The value as it is stored. Several words are separated by commas.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Value::Flag(true) => "true".into(),
            Value::Flag(false) => "false".into(),
            Value::Word(word) => Cow::Borrowed(word),
            Value::Words(words) => words.join(",").into(),
        }
    }
}

/// The mark of a week's first run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Active<'a> {
    /// Such as `2026-W48`.
    pub week: Text<'a>,
    /// How many weeks ago the user agreed, in four steps. `None` if a variable has agreed.
    pub since: Option<Text<'a>>,
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
    let is_plain = || text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    !text.is_empty() && text.len() <= MAX_TEXT && (is_plain() || !text.chars().any(char::is_control))
}
