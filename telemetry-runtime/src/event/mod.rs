//! The event that one run leaves: its fields, its JSON form, and reading it back. Pure data, without I/O.

mod details;
mod fields;
pub(crate) mod json;
mod line;
mod names;
mod outcome;
mod read;
mod read_details;
mod record;
mod time;
mod week;

use std::time::{Duration, SystemTime};

use uuid::Uuid;

pub(crate) use self::details::{
    ActiveWeek, Circumstance, Detail, GivenOption, GivenOptions, Measures, RunContext, Value, Visitor,
};
#[cfg(feature = "otlp")]
pub(crate) use self::fields::ReadFields;
pub(crate) use self::fields::{
    EXIT_CODES_COUNT, Field, Fields, KnownFields, NAMES_COUNT, Values, every_field, names_and_more, summaries,
};
use self::names::Names;
pub use self::outcome::TaskStatus;
pub(crate) use self::outcome::{Ending, Outcome};
pub(crate) use self::read::simple_uuid;
pub(crate) use self::record::{Record, Row};
pub(crate) use self::time::{Date, Timestamp};
pub(crate) use self::week::Week;
use crate::declare::{CommandPath, ErrorClassName, Root};

/// The version of the event's format, field `v`.
pub(crate) const FORMAT_VERSION: u32 = 2;

/// The field `version` of an abandoned run of another version of the program.
pub(crate) const OTHER_VERSION: &str = "undefined";

/// The one event of a run.
///
/// Every part is a number, an enum, or text known at compile time. There is no public constructor: the runtime creates
/// the event, and [`CliCommandEvent::current`] returns it.
///
/// ```
/// use telemetry_runtime::CliCommandEvent;
///
/// // `None` when this run is not recorded.
/// if let Some(event) = CliCommandEvent::current() {
///     eprintln!("{} so far: {}", event.command().collect::<Vec<_>>().join(" "), event.to_json());
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct CliCommandEvent {
    pub(crate) root: Root,
    pub(crate) session_id: Uuid,
    pub(crate) start_time_unix_ms: u64,
    pub(crate) version: &'static str,
    pub(crate) ci: bool,
    pub(crate) context: Option<&'static RunContext>,
    pub(crate) path: CommandPath,
    pub(crate) options: Option<&'static GivenOptions>,
    pub(crate) active: Option<&'static ActiveWeek>,
    /// For the run of this process, if its CLI measures anything.
    pub(crate) measures: Option<&'static Measures>,
    pub(crate) outcome: Outcome,
    /// -1 when unknown.
    pub(crate) duration_us: i64,
}

impl CliCommandEvent {
    /// The random id of this run, as the 16 bytes of a version 4 UUID. It is not derived from the machine or the user,
    /// and is never reused.
    pub fn session_id(&self) -> [u8; 16] {
        self.session_id.into_bytes()
    }

    /// When the run began, to the millisecond.
    pub fn start_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.start_time_unix_ms)
    }

    /// The names of the chosen commands, outermost first; empty while no command is known.
    pub fn command(&self) -> impl Iterator<Item = &'static str> {
        self.path.names(self.root.commands)
    }

    /// How the run ended.
    pub fn status(&self) -> TaskStatus {
        self.outcome.status
    }

    /// How long the run took, to the microsecond; `None` while it is still running.
    pub fn duration(&self) -> Option<Duration> {
        u64::try_from(self.duration_us).ok().map(Duration::from_micros)
    }

    /// The exit code that a shell reports: 128 + n if signal n ended the run; `None` when unknown.
    pub fn exit_code(&self) -> Option<i32> {
        // With any other status, -1 is a code that Windows knows.
        let is_unknown = self.outcome.exit_code == -1 && self.outcome.status == TaskStatus::Undefined;
        (!is_unknown).then_some(self.outcome.exit_code)
    }

    /// The class of the error that ended the run.
    pub fn error_class(&self) -> Option<ErrorClassName> {
        self.outcome.error_class
    }

    /// The event as it is written to the queue: one compact JSON object, without a line feed.
    pub fn to_json(&self) -> String {
        let mut line = self.start_line();
        self.extend_with_command(&mut line);
        self.extend_with_end(&mut line);
        String::from_utf8(line).unwrap_or_default()
    }

    /// The value of each field.
    pub(crate) fn fields(&self) -> KnownFields {
        Fields {
            v: FORMAT_VERSION,
            session_id: self.session_id,
            start_time_unix_ms: self.start_time_unix_ms,
            app: self.root.app.name,
            version: self.version,
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
            ci: self.ci,
            command: Names::of(self.path, self.root.commands),
            ending: self.outcome.ending,
            status: self.outcome.status,
            exit_code: self.outcome.exit_code,
            error_class: self.outcome.error_class.map(ErrorClassName::as_str),
            duration_us: self.duration_us,
        }
    }
}

/// A sample event, for tests.
#[cfg(test)]
pub(crate) mod sample {
    use super::*;
    use crate::declare::{App, CommandNode, CommandTree, TelemetryApp, Variables};

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
            context: None,
            options: None,
            active: None,
            measures: None,
            outcome: Outcome::from_code(Ending::Return, 0),
            duration_us: 5_250,
        }
    }
}
