//! A program whose events are compared with what it discloses.

#[allow(dead_code)]
mod cli;

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{self, ExitCode};
use std::time::Duration;
use std::{env, fs, thread};

use telemetry_runtime::{disclosure, telemetry_main};

use crate::cli::{Admin, Cli, Command, Ending, Fail, Late, Refused, Unknown, Unnamed};

#[telemetry_main(errors(Late))]
fn main(cli: Cli) -> Result<ExitCode, Box<dyn Error>> {
    match cli.command {
        Command::Ending(ending) => return end(ending),
        Command::Leak { text } => leak(&text)?,
        Command::Schema => print!("{}", disclosure::schema::<Cli>()),
        Command::Disclosure => print!("{}", disclosure::markdown::<Cli>()),
        Command::Take(_)
        | Command::Remote(_)
        | Command::Secret { .. }
        | Command::Admin(Admin::Reset { .. } | Admin::Rotate { .. })
        | Command::Other(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn end(ending: Ending) -> Result<ExitCode, Box<dyn Error>> {
    match ending {
        Ending::Fail(Fail::Refused) => Err(Refused::ByUs.into()),
        Ending::Fail(Fail::Unnamed) => Err(Unnamed.into()),
        Ending::Fail(Fail::Late) => Err(Late.into()),
        Ending::Fail(Fail::Missing) => Err(fs::read("/nowhere").err().ok_or("it is somewhere")?.into()),
        Ending::Fail(Fail::Unknown) => Err(Unknown.into()),
        Ending::Panic => panic!("as told"),
        Ending::Exit { code } => Ok(ExitCode::from(code)),
        Ending::Quit { code } => process::exit(code),
        Ending::Sleep { milliseconds } => {
            println!("asleep");
            thread::sleep(Duration::from_millis(milliseconds));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// What telemetry cannot do has to be done by hand.
fn leak(text: &str) -> Result<(), Box<dyn Error>> {
    let dir = env::var_os("SUBJECT_TELEMETRY_DIR").ok_or("there is no folder")?;
    fs::create_dir_all(&dir)?;
    let mut queue = OpenOptions::new().create(true).append(true).open(Path::new(&dir).join("queue.jsonl"))?;
    writeln!(queue, "{{\"v\":1,\"text\":\"{text}\"}}")?;
    Ok(())
}
