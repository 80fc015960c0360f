//! The CLI of all these programs.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The variable with the endpoint: `http://127.0.0.1:PORT`.
#[allow(dead_code)]
pub const ENDPOINT: &str = "PEER_ENDPOINT";

/// A CLI with a few commands
#[cfg_attr(feature = "ours", telemetry_runtime::telemetry_cli(app = "peer"))]
#[derive(Parser)]
#[command(name = "peer", version)]
pub enum Cli {
    /// Run a workflow
    Run {
        config: PathBuf,
        #[arg(long, default_value = "workflow")]
        name: String,
    },
    /// Look at what is installed
    #[command(subcommand)]
    Info(Info),
}

#[cfg_attr(feature = "ours", telemetry_runtime::telemetry_cli)]
#[derive(Subcommand)]
pub enum Info {
    ListComponents,
    ListChannels,
}

impl Cli {
    /// The work, which takes almost no time.
    pub fn work(&self) {
        match self {
            Cli::Run { config, name } => println!("running {name} with {}", config.display()),
            Cli::Info(Info::ListComponents) => println!("no components"),
            Cli::Info(Info::ListChannels) => println!("no channels"),
        }
    }

    /// The event of the programs that must build it by hand.
    #[allow(dead_code)]
    pub fn command(&self) -> &'static str {
        match self {
            Cli::Run { .. } => "run",
            Cli::Info(Info::ListComponents) => "info list-components",
            Cli::Info(Info::ListChannels) => "info list-channels",
        }
    }
}

/// The endpoint of this run.
#[allow(dead_code)]
pub fn endpoint() -> String {
    std::env::var(ENDPOINT).unwrap_or_else(|_| panic!("{ENDPOINT} is set"))
}
