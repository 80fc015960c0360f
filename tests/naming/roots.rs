//! Types that are the root of a CLI.

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use telemetry_runtime::__private::CommandPath;
use telemetry_runtime::{CommandTree, TelemetryApp, telemetry_cli};

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Commands {
    Build,
    #[command(subcommand)]
    Remote(Remote),
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Remote {
    Add { name: String },
    List,
}

#[telemetry_cli]
#[derive(Debug, Parser)]
enum EnumRoot {
    #[command(flatten)]
    Commands(Commands),
}

#[telemetry_cli]
#[derive(Debug, Parser)]
#[command(name = "root-name-is-no-command")]
struct StructRoot {
    #[command(subcommand)]
    command: Commands,
}

#[telemetry_cli]
#[derive(Debug, clap::Parser)]
struct OptionRoot {
    #[command(subcommand)]
    command: Option<Commands>,
}

#[telemetry_cli]
#[derive(Debug, Parser)]
struct FlattenRoot {
    #[command(flatten)]
    globals: Globals,
    #[command(flatten)]
    rest: Rest,
}

#[derive(Debug, Args)]
struct Globals {
    #[arg(long, global = true)]
    verbose: bool,
}

#[telemetry_cli]
#[derive(Debug, Args)]
struct Rest {
    #[command(subcommand)]
    command: Option<Box<Commands>>,
}

#[telemetry_cli]
#[derive(Debug, Parser)]
struct NoCommandsRoot {
    #[arg(long)]
    #[allow(dead_code)]
    flag: bool,
}

#[test]
fn the_trees_are_claps() {
    crate::assert_like_clap::<EnumRoot>();
    crate::assert_like_clap::<StructRoot>();
    crate::assert_like_clap::<OptionRoot>();
    crate::assert_like_clap::<FlattenRoot>();
    crate::assert_like_clap::<NoCommandsRoot>();
}

#[test]
fn paths() {
    let line = ["bin", "remote", "add", "secret"];
    assert!(crate::assert_path::<EnumRoot>(&line));
    assert!(crate::assert_path::<StructRoot>(&line));
    assert!(crate::assert_path::<OptionRoot>(&line));
    assert!(crate::assert_path::<FlattenRoot>(&line));
    assert!(crate::assert_path::<OptionRoot>(&["bin"]));
    assert!(crate::assert_path::<FlattenRoot>(&["bin", "--verbose"]));
}

/// A root below a command that is built by hand.
#[telemetry_cli(root, app = "by-hand")]
#[derive(Debug, Subcommand)]
enum HandBuilt {
    #[command(flatten)]
    Commands(Commands),
    Extra,
}

#[test]
fn a_root_without_parser() {
    assert_eq!(HandBuilt::APP.name, "by-hand");
    assert_eq!(crate::names(HandBuilt::COMMANDS), ["build", "remote", "extra"]);
    let command = HandBuilt::augment_subcommands(clap::Command::new("x"));
    let value = HandBuilt::from_arg_matches(&command.get_matches_from(["x", "remote", "list"])).unwrap();
    let mut path = CommandPath::default();
    value.command_path(&mut path);
    let mut expected = CommandPath::default();
    expected.enter(0, |path| {
        path.push(1);
        path.push(1);
    });
    assert_eq!(path, expected);
}

/// A renamed dependency, and a path to a module that re-exports it.
mod renamed {
    extern crate telemetry_runtime as other;

    pub(super) mod reexport {
        pub(crate) use ::telemetry_runtime::*;
    }

    #[other::telemetry_cli(crate = self::other)]
    #[derive(Debug, clap::Parser)]
    pub(super) enum Cli {
        One,
        #[command(subcommand)]
        Two(Two),
    }

    #[reexport::telemetry_cli(crate = crate::roots::renamed::reexport)]
    #[derive(Debug, clap::Subcommand)]
    pub(super) enum Two {
        Three,
    }
}

#[test]
fn a_renamed_dependency() {
    crate::assert_like_clap::<renamed::Cli>();
}

/// The functions of clap's `Parser` are still there.
#[telemetry_cli(parse = false)]
#[derive(Debug, Parser)]
struct OwnParse {
    #[command(subcommand)]
    command: Option<Remote>,
}

impl OwnParse {
    fn parse() -> &'static str {
        "own"
    }
}

#[test]
fn a_program_can_define_its_own_parse() {
    assert_eq!(OwnParse::parse(), "own");
    assert!(OwnParse::try_parse_from(["bin"]).unwrap().command.is_none());
    assert_eq!(OwnParse::command().get_name(), "telemetry-tests");
}

#[test]
fn inherent_functions_parse_like_claps() {
    let parsed = StructRoot::try_parse_from(["bin", "remote", "list"]).unwrap();
    assert!(matches!(parsed.command, Commands::Remote(Remote::List)));
    let parsed = EnumRoot::parse_from(["bin".to_owned(), "build".to_owned()]);
    assert!(matches!(parsed, EnumRoot::Commands(Commands::Build)));
    let error = OptionRoot::try_parse_from(["bin", "unknown"]).unwrap_err();
    assert_eq!(error.kind(), clap::error::ErrorKind::InvalidSubcommand);
}

/// Types inside a function.
#[test]
fn a_root_inside_a_function() {
    #[telemetry_cli]
    #[derive(Debug, Parser)]
    enum Local {
        #[command(subcommand)]
        Inner(Inner),
    }

    #[telemetry_cli]
    #[derive(Debug, Subcommand)]
    enum Inner {
        Here,
    }

    crate::assert_like_clap::<Local>();
}
