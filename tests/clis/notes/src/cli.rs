use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Keep short notes
#[derive(Parser)]
#[command(version, infer_subcommands = true)]
pub struct Cli {
    /// The file to keep them in
    #[arg(long, env = "NOTES_FILE", default_value = "notes.txt", global = true)]
    pub file: PathBuf,
    #[command(subcommand)]
    pub command: Command,
}

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
}

#[derive(Subcommand)]
pub enum TagCommand {
    Add { number: usize, tag: String },
    Remove { number: usize, tag: String },
}
