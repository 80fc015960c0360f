//! Unlisted commands, from fields and from flattened enums. They are not a difference from clap's tree, and the recorded
//! path ends at their parent.

use clap::{Args, Parser, Subcommand};
use telemetry_runtime::__private::CommandPath;
use telemetry_runtime::{CommandTree, telemetry_cli};

/// Types that cannot take the attribute.
mod foreign {
    #[derive(Debug, clap::Subcommand)]
    pub(super) enum Foreign {
        Hidden,
        AlsoHidden,
    }
}

#[telemetry_cli]
#[derive(Debug, Parser)]
struct OpaqueRoot {
    #[telemetry(opaque)]
    #[command(subcommand)]
    command: Option<foreign::Foreign>,
}

#[telemetry_cli]
#[derive(Debug, Parser)]
enum Cli {
    Own,
    Payload(Holder),
    Field {
        #[command(flatten)]
        holder: Holder,
    },
    Mixed(Mixed),
    #[telemetry(opaque)]
    #[command(flatten)]
    Rest(foreign::Foreign),
    #[command(flatten)]
    More(More),
}

#[telemetry_cli]
#[derive(Debug, Args)]
struct Holder {
    #[telemetry(opaque)]
    #[command(subcommand)]
    below: foreign::Foreign,
}

/// Both kinds side by side.
#[telemetry_cli]
#[derive(Debug, Args)]
struct Mixed {
    #[telemetry(opaque)]
    #[command(flatten)]
    arguments: Arguments,
    #[command(subcommand)]
    below: Listed,
}

#[derive(Debug, Args)]
struct Arguments {
    #[arg(long)]
    #[allow(dead_code)]
    flag: bool,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Listed {
    Shown,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum More {
    Last,
}

fn path_of<C: Parser + CommandTree>(line: &[&str]) -> CommandPath {
    let mut path = CommandPath::default();
    C::try_parse_from(line).unwrap().command_path(&mut path);
    path
}

fn positions(positions: &[u16]) -> CommandPath {
    let mut path = CommandPath::default();
    positions.iter().for_each(|&position| path.push(position));
    path
}

#[test]
fn unlisted_commands_are_not_a_difference() {
    telemetry_runtime::testing::assert_allowlist::<OpaqueRoot>();
    telemetry_runtime::testing::assert_allowlist::<Cli>();
    assert!(crate::names(OpaqueRoot::COMMANDS).is_empty());
    assert_eq!(crate::names(Cli::COMMANDS), ["own", "payload", "field", "mixed", "last"]);
}

#[test]
fn the_path_ends_at_the_parent_of_an_unlisted_command() {
    assert_eq!(path_of::<OpaqueRoot>(&["bin", "hidden"]), CommandPath::default());
    assert_eq!(path_of::<OpaqueRoot>(&["bin"]), CommandPath::default());
    assert_eq!(path_of::<Cli>(&["bin", "also-hidden"]), CommandPath::default());
    assert_eq!(path_of::<Cli>(&["bin", "payload", "hidden"]), positions(&[1]));
    assert_eq!(path_of::<Cli>(&["bin", "field", "hidden"]), positions(&[2]));
}

#[test]
fn siblings_of_unlisted_commands_keep_their_positions() {
    assert!(crate::assert_path::<Cli>(&["bin", "own"]));
    assert!(crate::assert_path::<Cli>(&["bin", "last"]));
    assert!(crate::assert_path::<Cli>(&["bin", "mixed", "--flag", "shown"]));
}

/// An entry without a name still has a position, which says that no event is wanted.
#[telemetry_cli(root)]
#[derive(Debug, Subcommand)]
#[allow(dead_code)]
enum Skipped {
    Own,
    #[telemetry(skip, opaque)]
    #[command(flatten)]
    Rest(foreign::Foreign),
}

#[test]
fn a_skipped_unlisted_command_has_a_position() {
    let mut path = CommandPath::default();
    Skipped::Rest(foreign::Foreign::Hidden).command_path(&mut path);
    assert_eq!(path, positions(&[1]));
}

/// An unlisted entry hides nothing else.
#[telemetry_cli(root)]
#[derive(Debug, Subcommand)]
#[allow(dead_code)]
enum OneTooMany {
    #[telemetry(opaque)]
    #[command(flatten)]
    Rest(foreign::Foreign),
    Listed,
}

#[derive(Debug, Parser)]
struct Fewer {
    #[command(subcommand)]
    command: foreign::Foreign,
}

impl CommandTree for Fewer {
    const COMMANDS: &'static [telemetry_runtime::__private::CommandNode] = OneTooMany::COMMANDS;

    fn command_path(&self, _path: &mut CommandPath) {}
}

#[test]
#[should_panic(expected = "`telemetry-tests listed` is in the allowlist, but clap does not have it")]
fn what_is_listed_is_still_compared() {
    telemetry_runtime::testing::assert_allowlist::<Fewer>();
}
