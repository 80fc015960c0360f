//! A program in which the attribute is missing where the compiler cannot tell.

use clap::{Args, Parser, Subcommand};
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "uninstrumented")]
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Asked after the command, but above it.
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Common {
    #[arg(long, global = true)]
    verbose: bool,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    /// Its type lacks the attribute.
    Edit(Edit),
    /// Its type has the attribute, but stands for a type parameter.
    Wrapped(Wrapper<Listed>),
    #[telemetry(opaque)]
    Hidden(Edit),
    Plain(Common),
    #[telemetry(transparent)]
    Plugin(Edit),
    #[telemetry(transparent)]
    PlainPlugin(Common),
}

#[derive(Args)]
struct Edit {
    #[command(subcommand)]
    below: Below,
}

#[derive(Subcommand)]
enum Below {
    Add,
}

#[telemetry_cli]
#[derive(Args)]
struct Wrapper<T: Args> {
    #[command(flatten)]
    wrapped: T,
}

#[telemetry_cli]
#[derive(Args)]
struct Listed {
    #[command(subcommand)]
    below: ListedBelow,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum ListedBelow {
    Add,
}

#[telemetry_main]
fn main(_: Cli) {}
