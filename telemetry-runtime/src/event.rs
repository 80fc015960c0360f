//! The event of one run.

use serde_core::Serialize;
use serde_core::ser::{SerializeMap, Serializer};
use uuid::Uuid;

use crate::app::Root;
use crate::commands::CommandPath;
use crate::error_class::ErrorClassName;

/// The version of the line format, field `v`.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// How a run ended, in the words of the `nemo` wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskStatus {
    /// It did what it was asked to.
    Success,
    /// It ended with an error, a panic or an exit code other than 0.
    Failure,
    /// A longer task came to its end.
    Completed,
    /// A task ended with an error.
    Error,
    /// The program called it off.
    Canceled,
    /// The user or the system called it off: a signal.
    Interrupted,
    /// Nobody saw how it ended.
    Undefined,
}

impl TaskStatus {
    /// Every status there is.
    pub(crate) const ALL: [TaskStatus; 7] = [
        TaskStatus::Success,
        TaskStatus::Failure,
        TaskStatus::Completed,
        TaskStatus::Error,
        TaskStatus::Canceled,
        TaskStatus::Interrupted,
        TaskStatus::Undefined,
    ];

    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            TaskStatus::Success => "success",
            TaskStatus::Failure => "failure",
            TaskStatus::Completed => "completed",
            TaskStatus::Error => "error",
            TaskStatus::Canceled => "canceled",
            TaskStatus::Interrupted => "interrupted",
            TaskStatus::Undefined => "undefined",
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) status: TaskStatus,
    /// -1 when unknown.
    pub(crate) exit_code: i32,
    pub(crate) error_class: Option<ErrorClassName>,
}

impl Outcome {
    /// What the exit code alone tells. 128 + n is how a program says that it ended because of the signal n.
    pub(crate) fn from_code(exit_code: i32) -> Self {
        let status = match exit_code {
            0 => TaskStatus::Success,
            129..=131 | 143 => TaskStatus::Interrupted,
            _ => TaskStatus::Failure,
        };
        Outcome { status, exit_code, error_class: None }
    }

    pub(crate) fn failure(exit_code: i32, error_class: ErrorClassName) -> Self {
        Outcome { status: TaskStatus::Failure, exit_code, error_class: Some(error_class) }
    }

    /// Nobody knows how it ended.
    pub(crate) const UNKNOWN: Outcome = Outcome { status: TaskStatus::Undefined, exit_code: -1, error_class: None };
}

/// The one event of a run.
///
/// Every part is an integer, an enum, or text the compiler knew. There is no public way to make one: the runtime does,
/// and [`CliCommandEvent::current`] shows it.
#[derive(Debug, Clone, Copy)]
pub struct CliCommandEvent {
    pub(crate) root: Root,
    pub(crate) session_id: Uuid,
    pub(crate) start_time_unix_ms: u64,
    pub(crate) version: &'static str,
    pub(crate) ci: bool,
    pub(crate) path: CommandPath,
    pub(crate) outcome: Outcome,
    pub(crate) duration_ms: i64,
}

impl CliCommandEvent {
    /// The random id of this run (UUID version 4): in no way derived from the machine or the user, and never used twice.
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    /// When the run began, in milliseconds since the Unix epoch.
    pub fn start_time_unix_ms(&self) -> u64 {
        self.start_time_unix_ms
    }

    /// The names of the chosen commands, outermost first; empty when none is known.
    pub fn command(&self) -> impl Iterator<Item = &'static str> {
        self.path.names(self.root.commands)
    }

    /// How the run ended.
    pub fn status(&self) -> TaskStatus {
        self.outcome.status
    }

    /// How long it took, in milliseconds; -1 when unknown.
    pub fn duration_ms(&self) -> i64 {
        self.duration_ms
    }

    /// The exit code the parent process sees; -1 when unknown, 128 + n for the signal n.
    pub fn exit_code(&self) -> i32 {
        self.outcome.exit_code
    }

    /// The class of the error that ended the run.
    pub fn error_class(&self) -> Option<ErrorClassName> {
        self.outcome.error_class
    }

    /// The line of the queue, without its line feed: one compact JSON object.
    pub fn to_json(&self) -> String {
        let mut line = self.start();
        self.extend_with_command(&mut line);
        self.extend_with_end(&mut line);
        String::from_utf8(line).unwrap_or_default()
    }

    // The line is made in three parts, each as soon as it is known, so that a signal handler, which must not
    // allocate, finds all but the last done. Until then the object is open: its closing brace is missing.

    /// The first part: what is known when the run begins.
    pub(crate) fn start(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(512);
        extend(&mut line, &Start(self));
        line
    }

    /// The second part: what is known when the command line is parsed.
    pub(crate) fn extend_with_command(&self, line: &mut Vec<u8>) {
        extend(line, &Command(self));
    }

    /// The last part: what is known when the run has ended. Closes the object.
    pub(crate) fn extend_with_end(&self, line: &mut Vec<u8>) {
        extend(line, &End(self));
        line.push(b'}');
    }
}

/// Appends the entries of `object` to the open object in `line`, and leaves it open.
fn extend(line: &mut Vec<u8>, object: &impl Serialize) {
    let joint = line.len();
    // Writing these types into memory cannot fail.
    let _ = serde_json::to_writer(&mut *line, object);
    line.pop();
    if joint > 0
        && let Some(brace) = line.get_mut(joint)
    {
        *brace = b',';
    }
}

struct Start<'a>(&'a CliCommandEvent);

impl Serialize for Start<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("v", &FORMAT_VERSION)?;
        map.serialize_entry("session_id", &*event.session_id.simple().encode_lower(&mut Uuid::encode_buffer()))?;
        map.serialize_entry("start_time_unix_ms", &event.start_time_unix_ms)?;
        map.serialize_entry("app", event.root.app.name)?;
        map.serialize_entry("version", event.version)?;
        map.serialize_entry("os", std::env::consts::OS)?;
        map.serialize_entry("arch", std::env::consts::ARCH)?;
        map.serialize_entry("ci", &event.ci)?;
        map.end()
    }
}

struct Command<'a>(&'a CliCommandEvent);

impl Serialize for Command<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("command", &Names(self.0))?;
        map.end()
    }
}

struct Names<'a>(&'a CliCommandEvent);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.command())
    }
}

struct End<'a>(&'a CliCommandEvent);

impl Serialize for End<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let CliCommandEvent { outcome, duration_ms, .. } = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", outcome.status.as_str())?;
        map.serialize_entry("exit_code", &outcome.exit_code)?;
        map.serialize_entry("error_class", &outcome.error_class.map(ErrorClassName::as_str))?;
        map.serialize_entry("duration_ms", duration_ms)?;
        map.end()
    }
}

/// An event, for tests.
#[cfg(test)]
pub(crate) mod sample {
    use super::*;
    use crate::app::{App, TelemetryApp, Variables};
    use crate::commands::{CommandNode, CommandTree};

    pub(crate) struct Cli;

    impl CommandTree for Cli {
        const COMMANDS: &'static [CommandNode] = &[CommandNode::command("run", &[])];

        fn command_path(&self, path: &mut CommandPath) {
            path.push(0);
        }
    }

    impl TelemetryApp for Cli {
        const APP: App =
            App::new("tool", "1.0.0", Variables { enabled: "", endpoint: "", dry_run: "", debug: "", dir: "" });
    }

    pub(crate) fn event() -> CliCommandEvent {
        let mut path = CommandPath::default();
        Cli.command_path(&mut path);
        CliCommandEvent {
            root: Root::of::<Cli>(),
            session_id: uuid::Builder::from_random_bytes([7; 16]).into_uuid(),
            start_time_unix_ms: 1_795_447_574_939,
            version: Cli::APP.version,
            ci: false,
            path,
            outcome: Outcome::from_code(0),
            duration_ms: 5,
        }
    }
}
