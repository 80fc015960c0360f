//! Everything that can ever be collected, and where it goes: for programs and for people, made from the same constants as
//! the events.
//!
//! The statement is complete. Command names are those of the [`CommandTree`](crate::CommandTree). Error classes come from
//!
//! - the endings themselves (a panic, a signal),
//! - the types that are looked for in every program: `std::io::Error`, `clap::Error` and a few more of std's,
//! - the types in `#[telemetry_cli(errors(..))]`,
//! - what main returns, and the types in `#[telemetry_main(errors(..))]`. Only the running program knows these; a test of the
//!   CLI's type does not see them. `testing::assert_no_leak` finds those that the root does not list.

mod details;
#[cfg(feature = "testing")]
mod lock;
mod management;
mod markdown;
mod schema;
mod terminal;
#[cfg(feature = "testing")]
mod undisclosed;

use std::sync::OnceLock;

#[cfg(feature = "testing")]
pub(crate) use self::lock::Lock;
pub(crate) use self::management::management;
use crate::declare::{
    App, CLAP_CLASSES, Classes, CommandNode, ErrorClassName, Lines, ListedError, MainErrors, Protocol, Recordable,
    Root, STANDARD_CLASSES, SentTime, TelemetryApp,
};
use crate::event::{self, Ending, TaskStatus};

/// The JSON Schema (2020-12) of the event that a run of `C` leaves in the queue, as text.
///
/// It allows what this program can write and nothing else: every command name and every error class is one of a list.
///
/// ```
/// use clap::Parser;
/// use telemetry_runtime::{disclosure, telemetry_cli};
///
/// #[telemetry_cli]
/// #[derive(Parser)]
/// enum Cli {
///     Build,
/// }
///
/// assert!(disclosure::schema::<Cli>().contains(r#""build""#));
/// ```
pub fn schema<C: TelemetryApp>() -> String {
    Disclosure::of(Root::of::<C>()).schema()
}

/// What `C` collects and where it goes, in Markdown, for its users.
///
/// ```
/// use clap::Parser;
/// use telemetry_runtime::{disclosure, telemetry_cli};
///
/// #[telemetry_cli(app = "tool")]
/// #[derive(Parser)]
/// struct Cli {}
///
/// assert!(disclosure::markdown::<Cli>().starts_with("# Telemetry of tool"));
/// ```
pub fn markdown<C: TelemetryApp>() -> String {
    Disclosure::of(Root::of::<C>()).markdown()
}

/// Everything that a receiver learns, by name: the fields of an event, and what the author has it told beyond them. Who
/// has agreed to less is asked again.
pub(crate) fn fields(app: &App) -> impl Iterator<Item = &'static str> + Clone {
    event::names_and_more().take(fields_count(app))
}

/// How many [`fields`] there are.
pub(crate) fn fields_count(app: &App) -> usize {
    event::NAMES_COUNT + 1 + usize::from(app.time == SentTime::Exact)
}

/// The variable that stands for any destination that OpenTelemetry's standard variables name.
pub(crate) const OPEN_TELEMETRY: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Where events may be sent: the declared host, and with the key `otel_env` whatever the variable of this name says.
pub(crate) fn destinations(app: &App) -> impl Iterator<Item = &'static str> + Clone {
    app.endpoint_host.into_iter().chain(heeds_open_telemetry(app).then_some(OPEN_TELEMETRY))
}

/// Whether OpenTelemetry's standard variables can set the destination.
pub(crate) fn heeds_open_telemetry(app: &App) -> bool {
    app.otel_env && app.protocol() == Protocol::Otlp
}

/// The classes of main's errors. Only the running program knows them.
static MAIN_ERRORS: OnceLock<MainErrors> = OnceLock::new();

/// The error types that main lists.
pub(crate) fn main_errors() -> &'static [ListedError] {
    MAIN_ERRORS.get().map_or(&[], |main| main.listed)
}

/// Adds the classes of main's errors to the disclosure.
pub(crate) fn know_main_errors(errors: MainErrors) {
    let _ = MAIN_ERRORS.set(errors);
}

/// Everything that can be collected.
#[derive(Debug)]
pub(crate) struct Disclosure {
    root: Root,
    /// Every path that an event can hold, in order, with tabs between its names. These have no control characters.
    commands: Lines,
    /// Every error class that can be recorded, in order.
    classes: Lines,
    details: Vec<Recordable>,
}

impl Disclosure {
    pub(crate) fn of(root: Root) -> Self {
        let mut commands = Lines::default();
        // The path is empty if clap refuses a command line before the first command, for example.
        commands.insert("");
        collect_paths(root.commands, false, &mut String::new(), &mut commands);
        Disclosure { root, commands, classes: classes(root.app), details: root.app.details.recordable() }
    }

    fn app(&self) -> &'static App {
        self.root.app
    }

    /// The ways in which a run can end.
    #[inline(never)]
    fn endings(&self) -> Lines {
        let mut endings = Lines::default();
        for way in Ending::ALL.iter().take(self.endings_count()) {
            endings.push(way.as_str());
        }
        endings
    }

    fn endings_count(&self) -> usize {
        // The one that only some programs have is the last.
        const _: () = assert!(matches!(Ending::ALL, [.., Ending::Abandoned]));
        Ending::ALL.len() - usize::from(!self.app().abandoned)
    }
}

#[inline(never)]
fn statuses() -> Lines {
    let mut statuses = Lines::default();
    for status in TaskStatus::ALL {
        statuses.push(status.as_str());
    }
    statuses
}

/// Adds the path of each command in the tree, including groups: a command line that goes wrong below a group is recorded
/// under the group.
fn collect_paths(commands: &[CommandNode], records_management: bool, path: &mut String, paths: &mut Lines) {
    for node in commands {
        if !node.is_recorded(records_management) {
            continue;
        }
        let above = path.len();
        if let Some(name) = node.recorded_name() {
            if above > 0 {
                path.push('\t');
            }
            path.push_str(name);
            paths.insert(path);
        }
        collect_paths(node.children, records_management || node.records_management(), path, paths);
        path.truncate(above);
    }
}

/// Every error class that can be recorded.
fn classes(app: &App) -> Lines {
    let mut all = Lines::default();
    for group in ClassGroup::ALL {
        group.add(app, &mut all);
    }
    all
}

/// Where an error class comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClassGroup {
    Clap,
    Std,
    /// A way in which a run can end.
    Ending,
    /// The types in `errors(..)`, and what main returns.
    Program,
}

impl ClassGroup {
    /// A class that comes from several places belongs to the first of these.
    const ALL: [ClassGroup; 4] = [ClassGroup::Clap, ClassGroup::Std, ClassGroup::Ending, ClassGroup::Program];

    /// Adds the classes from there.
    #[inline(never)]
    fn add(self, app: &App, all: &mut Lines) {
        match self {
            ClassGroup::Clap => add(Classes::Set(CLAP_CLASSES), all),
            ClassGroup::Std => STANDARD_CLASSES.add_to(all),
            ClassGroup::Ending => {
                for class in ErrorClassName::FIXED {
                    all.insert(class.as_str());
                }
                if app.abandoned {
                    all.insert(ErrorClassName::ABANDONED.as_str());
                }
            }
            ClassGroup::Program => {
                for error in app.errors {
                    add(error.classes, all);
                }
                if let Some(main) = MAIN_ERRORS.get() {
                    for error in main.listed {
                        add(error.classes, all);
                    }
                    add(main.returned, all);
                }
            }
        }
    }

    /// The heading of its list.
    fn title(self) -> &'static str {
        match self {
            ClassGroup::Clap => "Of the command line (clap)",
            ClassGroup::Std => "Of the standard library",
            ClassGroup::Ending => "Of how a run ends",
            ClassGroup::Program => "Of this program",
        }
    }
}

#[inline(never)]
fn add(classes: Classes, all: &mut Lines) {
    match classes {
        Classes::Set(nodes) => {
            for node in nodes {
                node.add_to(all);
            }
        }
        Classes::Name(name) => {
            all.insert(name().as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::Variables;

    const VARIABLES: Variables = Variables { enabled: "", endpoint: "", dry_run: "", debug: "", dir: "" };

    fn app(endpoint: &'static str) -> App {
        App::new("tool", "1.0.0", VARIABLES).with_endpoint(endpoint)
    }

    #[test]
    fn a_destination_is_a_host() {
        for (endpoint, host) in [
            ("https://telemetry.example.com/v1/events", "telemetry.example.com"),
            ("https://example.com", "example.com"),
            ("https://example.com:8443?x", "example.com"),
            ("https://example.com#x", "example.com"),
            ("http://[::1]:4318/v1", "[::1]"),
        ] {
            assert!(destinations(&app(endpoint)).eq([host]));
        }
        let none = App::new("tool", "1.0.0", VARIABLES);
        assert_eq!(destinations(&none).next(), None);
        assert!(destinations(&App { otel_env: true, protocol: Some(Protocol::Otlp), ..none }).eq([OPEN_TELEMETRY]));
    }

    #[test]
    fn exact_times_are_disclosed() {
        let app = app("https://example.com");
        let more: Vec<_> =
            fields(&App { time: SentTime::Exact, ..app }).filter(|name| !fields(&app).any(|n| n == *name)).collect();
        assert_eq!(more, ["exact_start_time"]);
    }

    #[test]
    fn paths_are_those_that_an_event_can_hold() {
        const LEAF: &[CommandNode] = &[CommandNode::command("add", &[]), CommandNode::command("secret", &[]).skipped()];
        const COMMANDS: &[CommandNode] = &[
            CommandNode::command("remote", LEAF),
            CommandNode::flatten(&[CommandNode::command("run", &[]), CommandNode::opaque("plugin")]),
            CommandNode::command("hidden", LEAF).skipped(),
            CommandNode::command("plugin-host", LEAF).transparent(),
            CommandNode::external(),
        ];
        let mut paths = Lines::default();
        collect_paths(COMMANDS, false, &mut String::new(), &mut paths);
        assert!(paths.iter().eq(["add", "external", "plugin", "remote", "remote\tadd", "run"]), "{paths:?}");
    }

    #[test]
    fn a_class_is_there_once_it_can_occur() {
        let plain = app("https://example.com");
        let has = |app, class| classes(app).iter().any(|known| known == class);
        for class in ["Error", "panic", "SIGINT", "NotFound", "UnknownArgument", "ParseIntError"] {
            assert!(has(&plain, class), "{class}");
        }
        assert!(!has(&plain, "abandoned"));
        assert!(has(&App { abandoned: true, ..plain }, "abandoned"));
    }
}
