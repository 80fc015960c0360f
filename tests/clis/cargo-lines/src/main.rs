use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{ensure, Context, Result};
use clap::{Args, Parser, Subcommand};
use telemetry_runtime::{telemetry_cli, telemetry_main};

/// cargo calls `cargo-lines lines ..`.
#[telemetry_cli]
#[derive(Parser)]
#[command(name = "cargo", bin_name = "cargo")]
enum Cargo {
    #[telemetry(transparent)]
    Lines(Lines),
}

/// Count the lines of a crate
#[telemetry_cli]
#[derive(Args)]
#[command(version)]
struct Lines {
    /// The folder of the crate
    #[arg(long, default_value = ".", global = true)]
    dir: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    /// One line for each file
    Files,
    /// Fail if a file has more lines than that
    Check { most: usize },
}

#[telemetry_main(Cargo)]
fn main() -> Result<()> {
    let Cargo::Lines(lines) = Cargo::parse();
    ensure!(lines.dir.join("Cargo.toml").exists(), "{} is not the folder of a crate", lines.dir.display());
    let mut files = Vec::new();
    count(&lines.dir.join("src"), &mut files)?;
    match lines.command {
        None => println!("{}", files.iter().map(|(_, count)| count).sum::<usize>()),
        Some(Command::Files) => files.iter().for_each(|(path, count)| println!("{count:>6}  {}", path.display())),
        Some(Command::Check { most }) => {
            if let Some((path, count)) = files.iter().find(|(_, count)| *count > most) {
                eprintln!("{} has {count} lines", path.display());
                std::process::exit(10);
            }
        }
    }
    Ok(())
}

fn count(dir: &Path, files: &mut Vec<(PathBuf, usize)>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            count(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let lines = fs::read_to_string(&path)?.lines().count();
            files.push((path, lines));
        }
    }
    files.sort();
    Ok(())
}
