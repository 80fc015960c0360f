//! Trees that are built with `clap::Command`, and listed in the key `commands`.

use clap::{Command, CommandFactory, Subcommand};
use telemetry_runtime::testing::assert_allowlist;
use telemetry_runtime::{CommandTree, TelemetryApp, telemetry_cli};

const CONSTANT: &str = "by-constant";

mod names {
    pub(crate) const BY_PATH: &str = "by-path";
}

#[telemetry_cli(
    app = "my-tool",
    command = everything(1),
    commands(
        "build",
        "Not Cased, with spaces",
        r"raw-literal",
        CONSTANT,
        names::BY_PATH("below"),
        Everything::ASSOCIATED,
        concat!("by-", "concat"),
        "remote"("add", "rename"("tag", "branch"),),
        #[cfg(all())]
        "there",
        #[cfg(any())]
        "absent",
        #[cfg(any())]
        "there",
        #[telemetry(opaque)]
        "opaque",
        "open"("one", ..),
        #[telemetry(no_prompt, transparent)]
        "plugin"("inner"),
        "derived"(..Derived),
        ..More,
        _,
    ),
    version = "2.0",
)]
#[derive(Debug)]
struct Everything;

impl Everything {
    const ASSOCIATED: &'static str = "by-associated-constant";
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Derived {
    One,
    #[command(subcommand)]
    More(More),
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum More {
    FromAType,
}

fn with(name: &'static str, below: &[&'static str]) -> Command {
    Command::new(name).subcommands(below.iter().copied().map(Command::new))
}

fn everything(_: u8) -> Command {
    let remote = |remote: Command| remote.subcommands([Command::new("add"), with("rename", &["tag", "branch"])]);
    let everything = with(
        "my-tool",
        &[
            "build",
            "Not Cased, with spaces",
            "raw-literal",
            "by-constant",
            "by-associated-constant",
            "by-concat",
            "there",
        ],
    );
    let everything = everything
        .subcommand(with("by-path", &["below"]))
        // Built only when it is needed.
        .subcommand(Command::new("remote").defer(remote))
        .subcommand(with("opaque", &["unseen"]))
        .subcommand(with("open", &["one", "two"]))
        .subcommand(with("plugin", &["inner"]))
        .subcommand(Derived::augment_subcommands(Command::new("derived")))
        .allow_external_subcommands(true);
    More::augment_subcommands(everything)
}

#[test]
fn the_list_is_claps_tree() {
    assert_allowlist::<Everything>();
    assert_eq!(Everything::command().get_name(), "my-tool");
    assert_eq!(Everything::command_for_update().get_name(), "my-tool");
    assert_eq!(Everything::APP.version, "2.0");
    assert_eq!(
        crate::names(Everything::COMMANDS),
        [
            "build",
            "Not Cased, with spaces",
            "raw-literal",
            "by-constant",
            "by-path",
            "by-associated-constant",
            "by-concat",
            "remote",
            "there",
            "opaque",
            "open",
            "plugin",
            "derived",
            "from-a-type",
            "external",
        ]
    );
}

/// Without the key `commands`.
#[telemetry_cli(command = Command::new("flat").arg(clap::Arg::new("path")))]
struct Flat;

#[telemetry_cli(command = Command::new("flat"), commands())]
struct Empty;

#[test]
fn a_tool_may_have_no_commands() {
    assert_allowlist::<Flat>();
    assert_allowlist::<Empty>();
    assert!(Flat::COMMANDS.is_empty() && Empty::COMMANDS.is_empty());
}

/// The author's own functions of these names.
#[telemetry_cli(command = Self::new_command(), parse = false)]
struct OwnMatches;

impl OwnMatches {
    fn new_command() -> Command {
        Command::new("own")
    }

    fn get_matches() -> &'static str {
        "own"
    }
}

#[test]
fn a_program_can_define_its_own_get_matches() {
    assert_eq!(OwnMatches::get_matches(), "own");
    assert_allowlist::<OwnMatches>();
}

macro_rules! listed_by_a_macro {
    ($type:ident, $literal:literal, $expr:expr, $path:path, $ident:ident) => {
        #[telemetry_cli(command = $expr, commands($literal, $path, $ident))]
        struct $type;
    };
}

listed_by_a_macro!(ByAMacro, "build", with("tool", &["build", "by-path", "by-constant"]), names::BY_PATH, CONSTANT);

#[test]
fn a_macro_may_write_the_list() {
    assert_allowlist::<ByAMacro>();
}

macro_rules! differs {
    ($($test:ident: $command:expr, ($($commands:tt)*), $message:literal;)*) => {$(
        #[test]
        #[should_panic(expected = $message)]
        fn $test() {
            #[telemetry_cli(command = $command, commands($($commands)*))]
            struct Tool;

            assert_allowlist::<Tool>();
        }
    )*};
}

differs! {
    a_missing_command_is_found:
        with("tool", &["build", "test"]), ("build"),
        "`tool test` is in clap's command tree, but not in the allowlist";
    a_missing_command_below_another_is_found:
        Command::new("tool").subcommand(with("remote", &["add", "remove"])), ("remote"("add")),
        "`tool remote remove` is in clap's command tree, but not in the allowlist";
    a_command_too_many_is_found:
        with("tool", &["build"]), ("build", "test"),
        "`tool test` is in the allowlist, but clap does not have it";
    missing_external_commands_are_found:
        with("tool", &["build"]).allow_external_subcommands(true), ("build"),
        "`tool` accepts external subcommands, but they are not in the allowlist";
    external_commands_too_many_are_found:
        with("tool", &["build"]), ("build", _),
        "`tool` accepts no external subcommands, but the allowlist has them";
}
