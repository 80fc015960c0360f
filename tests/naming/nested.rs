//! Order of attributes, visibility, and deliberately unlisted commands.

use clap::{Args, CommandFactory, Parser, Subcommand};
use telemetry_runtime::__private::CommandPath;
use telemetry_runtime::{CommandTree, telemetry_cli};

#[telemetry_cli]
#[derive(Debug, Parser)]
struct Cli {
    #[arg(long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Commands,
}

#[derive(Debug, Subcommand)]
#[command(rename_all = "snake_case")]
#[telemetry_cli]
enum Commands {
    AttributeBelow,
    #[command(subcommand)]
    Private(private::Private),
    #[telemetry(opaque)]
    #[command(subcommand)]
    Foreign(foreign::Foreign),
    #[telemetry(opaque)]
    ForeignArgs(foreign::ForeignArgs),
    #[telemetry(skip)]
    Skipped,
    #[telemetry(skip, opaque)]
    #[command(subcommand)]
    Both(foreign::Foreign),
    OpaqueField {
        #[telemetry(opaque)]
        #[command(subcommand)]
        below: Option<foreign::Foreign>,
    },
}

mod private {
    #[derive(Debug, clap::Subcommand)]
    #[telemetry_runtime::telemetry_cli]
    pub(super) enum Private {
        #[allow(private_interfaces)]
        Inside(Inside),
    }

    #[telemetry_runtime::telemetry_cli]
    #[derive(Debug, clap::Args)]
    struct Inside {
        #[command(subcommand)]
        below: Below,
    }

    #[telemetry_runtime::telemetry_cli]
    #[derive(Debug, clap::Subcommand)]
    enum Below {
        Deepest,
    }
}

/// Types that cannot take the attribute.
mod foreign {
    #[derive(Debug, clap::Subcommand)]
    pub(super) enum Foreign {
        Hidden,
    }

    #[derive(Debug, clap::Args)]
    pub(super) struct ForeignArgs {
        #[command(subcommand)]
        below: Option<Foreign>,
    }
}

#[test]
fn the_tree_is_claps() {
    crate::assert_like_clap::<Cli>();
    assert!(crate::assert_path::<Cli>(&["bin", "private", "inside", "deepest", "--verbose"]));
}

#[test]
fn commands_below_opaque_are_not_listed() {
    let children = |name: &str| {
        let node = Cli::COMMANDS.iter().find(|node| node.name() == name).unwrap();
        node.children().len()
    };
    for name in ["foreign", "foreign_args", "both", "opaque_field", "skipped"] {
        assert_eq!(children(name), 0, "{name}");
    }
    assert_eq!(children("private"), 1);
    assert!(Cli::command().find_subcommand("foreign").unwrap().has_subcommands());
}

#[test]
fn a_value_below_opaque_gives_the_path_of_its_parent() {
    for line in [
        &["bin", "foreign", "hidden"][..],
        &["bin", "foreign_args", "hidden"],
        &["bin", "both", "hidden"],
        &["bin", "opaque_field", "hidden"],
    ] {
        let mut path = CommandPath::default();
        Cli::try_parse_from(line).unwrap().command_path(&mut path);
        let mut parent = CommandPath::default();
        crate::find(Cli::COMMANDS, line[1], &mut parent);
        assert_eq!(path, parent);
    }
}

/// The attribute is harmless without subcommands, and on types in which clap sees none.
#[telemetry_cli]
#[derive(Debug, Args)]
struct NoSubcommands {
    #[arg(long)]
    #[allow(dead_code)]
    flag: bool,
}

#[telemetry_cli]
#[derive(Debug, Args)]
struct Unit;

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum Never {}

#[test]
fn types_without_subcommands_have_no_commands() {
    assert!(NoSubcommands::COMMANDS.is_empty());
    assert!(Unit::COMMANDS.is_empty());
    assert!(Never::COMMANDS.is_empty());
}

#[telemetry_cli(root)]
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant)]
enum FlattenedForeign {
    Own,
    #[telemetry(opaque)]
    #[command(flatten)]
    Rest(foreign::Foreign),
}

#[test]
fn a_flattened_foreign_enum_can_be_left_out() {
    assert_eq!(crate::names(FlattenedForeign::COMMANDS), ["own"]);
    assert_eq!(FlattenedForeign::COMMANDS.len(), 2);
    let mut path = CommandPath::default();
    FlattenedForeign::Rest(foreign::Foreign::Hidden).command_path(&mut path);
    assert_eq!(path, CommandPath::default());
}
