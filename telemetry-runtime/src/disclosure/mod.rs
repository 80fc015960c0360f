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

use self::details::Details;
#[cfg(feature = "testing")]
pub(crate) use self::lock::Lock;
pub(crate) use self::management::management;
use crate::declare::{
    App, CLAP_CLASSES, Classes, CommandNode, ErrorClassName, ListedError, MainErrors, Protocol, Root, STANDARD_CLASSES,
    SentTime, Sorted, TelemetryApp,
};
use crate::event::{self, Ending};

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
    Disclosure::of(Root::of::<C>()).to_string()
}

/// Everything that a receiver learns, by name: the fields of an event, and what the author has it told beyond them. Who
/// has agreed to less is asked again.
pub(crate) fn fields(app: &App) -> impl Iterator<Item = &'static str> + Clone {
    let exact_time = usize::from(app.time == SentTime::Exact);
    event::names_and_more().take(event::NAMES_COUNT + 1 + exact_time)
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
    /// Every path that an event can hold.
    commands: Sorted<Vec<&'static str>>,
    classes: Sorted<&'static str>,
    details: Details,
}

impl Disclosure {
    pub(crate) fn of(root: Root) -> Self {
        // The path is empty if clap refuses a command line before the first command, for example.
        let mut commands = Sorted::default();
        commands.insert(Vec::new());
        collect_paths(root.commands, false, &mut Vec::new(), &mut commands);
        Disclosure { root, commands, classes: classes(root.app), details: Details::of(root.app) }
    }

    fn app(&self) -> &'static App {
        self.root.app
    }

    /// The paths that name a command, as a user would type them, but without the names of transparent commands.
    fn command_lines(&self) -> impl Iterator<Item = String> {
        self.commands.iter().filter(|path| !path.is_empty()).map(|path| path.join(" "))
    }

    /// The ways in which a run can end.
    fn endings(&self) -> impl Iterator<Item = &'static str> {
        let ways = Ending::ALL.into_iter().filter(|&way| way != Ending::Abandoned || self.app().abandoned);
        ways.map(Ending::as_str)
    }

    /// The versions of the program that its events can name.
    fn versions(&self) -> Vec<&'static str> {
        let mut versions = vec![self.app().version];
        if self.app().abandoned {
            // For an abandoned run of another version.
            versions.push("undefined");
        }
        versions
    }
}

/// Adds the path of each command in the tree, including groups: a command line that goes wrong below a group is recorded
/// under the group.
fn collect_paths(
    commands: &'static [CommandNode],
    records_management: bool,
    path: &mut Vec<&'static str>,
    paths: &mut Sorted<Vec<&'static str>>,
) {
    for node in commands.iter().filter(|node| node.is_recorded(records_management)) {
        let records_management = records_management || node.records_management();
        if let Some(name) = node.recorded_name() {
            path.push(name);
            paths.insert(path.clone());
            collect_paths(node.children, records_management, path, paths);
            path.pop();
        } else {
            collect_paths(node.children, records_management, path, paths);
        }
    }
}

/// Every error class that can be recorded.
fn classes(app: &App) -> Sorted<&'static str> {
    let mut names = Sorted::default();
    ClassGroup::ALL.iter().for_each(|group| group.for_each(app, &mut |name| names.insert(name)));
    names
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

    /// Calls `each` with the classes from there.
    fn for_each(self, app: &App, each: &mut dyn FnMut(&'static str)) {
        match self {
            ClassGroup::Clap => CLAP_CLASSES.iter().for_each(|node| node.for_each(each)),
            ClassGroup::Std => STANDARD_CLASSES.for_each(each),
            ClassGroup::Ending => {
                ErrorClassName::FIXED.iter().for_each(|class| each(class.as_str()));
                if app.abandoned {
                    each(ErrorClassName::ABANDONED.as_str());
                }
            }
            ClassGroup::Program => {
                let (returned, listed) =
                    MAIN_ERRORS.get().map_or((None, &[][..]), |main| (Some(main.returned), main.listed));
                let listed = app.errors.iter().chain(listed).map(|listed| listed.classes);
                for classes in listed.chain(returned) {
                    match classes {
                        Classes::Set(nodes) => nodes.iter().for_each(|node| node.for_each(each)),
                        Classes::Name(name) => each(name().as_str()),
                    }
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
        let mut paths = Sorted::default();
        collect_paths(COMMANDS, false, &mut Vec::new(), &mut paths);
        let expected: [&[&str]; 6] = [&["add"], &["external"], &["plugin"], &["remote"], &["remote", "add"], &["run"]];
        assert_eq!(*paths, expected);
    }

    #[test]
    fn a_class_is_there_once_it_can_occur() {
        let plain = app("https://example.com");
        let known = classes(&plain);
        for class in ["Error", "panic", "SIGINT", "NotFound", "UnknownArgument", "ParseIntError"] {
            assert!(known.has(&class), "{class}");
        }
        assert!(!known.has(&"abandoned"));
        assert!(classes(&App { abandoned: true, ..plain }).has(&"abandoned"));
    }
}
