use std::path::PathBuf;

use clap::{Parser, Subcommand};
use telemetry_runtime::{manage::TelemetryCommand, telemetry_cli};

/// Keep short notes
#[telemetry_cli]
#[derive(Parser)]
#[command(version, infer_subcommands = true)]
pub struct Cli {
    /// The file to keep them in
    #[arg(long, env = "NOTES_FILE", default_value = "notes.txt", global = true)]
    pub file: PathBuf,
    #[command(subcommand)]
    pub command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
pub enum Command {
    /// Add a note
    #[command(visible_alias = "new")]
    Add {
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// List the notes
    List {
        /// Only those with this tag
        #[arg(long)]
        tag: Option<String>,
    },
    /// Remove a note
    Remove { number: usize },
    /// Change the tags of a note
    #[command(subcommand)]
    Tag(TagCommand),
    /// See and change what is collected
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(Subcommand)]
pub enum TagCommand {
    Add { number: usize, tag: String },
    Remove { number: usize, tag: String },
}
