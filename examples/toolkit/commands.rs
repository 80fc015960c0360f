use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a workflow
    #[command(visible_alias = "start")]
    Run {
        config: Option<PathBuf>,
        #[arg(long, default_value = "default")]
        name: String,
    },
    /// Show what there is
    #[command(subcommand)]
    Info(Info),
    /// See and change remotes
    Remote(Remote),
    #[command(flatten)]
    Ending(Ending),
    /// See and change what is collected
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
    #[command(external_subcommand)]
    External(Vec<OsString>),
}

#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Info {
    /// List the components
    #[command(name = "list-components")]
    Components {
        #[arg(long)]
        filter: Option<String>,
    },
    /// List the channels
    #[command(alias = "channels")]
    ListChannels {
        #[arg(long)]
        filter: Option<String>,
    },
}

/// Its command is optional: without one, it lists.
#[telemetry_cli]
#[derive(Args)]
pub(crate) struct Remote {
    #[command(subcommand)]
    pub(crate) command: Option<RemoteCommand>,
}

#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum RemoteCommand {
    /// Add a remote
    Add { name: String, url: String },
    /// Rename something on a remote
    #[command(subcommand)]
    Rename(Rename),
}

#[telemetry_cli]
#[derive(Subcommand)]
#[command(rename_all = "snake_case")]
pub(crate) enum Rename {
    DefaultBranch { old: String, new: String },
    Tag { old: String, new: String },
}

/// The ways to end. Flattened: these are commands beside `run`.
#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Ending {
    /// Return an error
    Fail {
        #[arg(default_value = "no reason")]
        message: String,
    },
    /// Panic
    Panic {
        #[arg(default_value = "no reason")]
        message: String,
    },
    /// Return an exit code
    Exit { code: u8 },
    /// Exit deep in a call
    Quit { code: i32 },
    /// Take time
    #[command(name = "sleep")]
    Nap { seconds: f64 },
}
