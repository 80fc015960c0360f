//! A tree with every kind of entry that a list can have.

use clap::{Arg, Command, Subcommand};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(
    app = "built",
    command = cli(),
    commands(
        "build",
        "remote"("add", "rename"("tag"), ..),
        #[telemetry(skip)]
        "quiet",
        #[telemetry(no_prompt)]
        "hook",
        #[telemetry(opaque)]
        "opaque",
        #[telemetry(transparent)]
        "plugin"("inner"),
        #[telemetry(record)] "telemetry"(..TelemetryCommand),
        _,
        ..
    )
)]
pub(crate) struct Tool;

pub(crate) fn cli() -> Command {
    let named = |name: &'static str| Command::new(name).arg(Arg::new("name"));
    let telemetry = Command::new("telemetry").about("See and change what is collected");
    Command::new("built")
        .version("1.0")
        .infer_subcommands(true)
        .allow_external_subcommands(true)
        .subcommand(named("build").alias("make").long_flag("build"))
        .subcommand(Command::new("remote").defer(|remote| {
            remote
                .subcommand(Command::new("add").arg(Arg::new("name").required(true)))
                .subcommand(Command::new("rename").subcommand(Command::new("tag")))
                .subcommand(Command::new("unlisted"))
        }))
        .subcommands([named("quiet"), named("hook"), named("unlisted")])
        .subcommand(Command::new("opaque").subcommand(named("below")))
        .subcommand(Command::new("plugin").subcommand(named("inner")))
        .subcommand(TelemetryCommand::augment_subcommands(telemetry))
}
