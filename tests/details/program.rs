//! A program that records options, facts and phases in every way.

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{Fact, Phase, telemetry_cli, telemetry_main};

#[telemetry_cli(
    app = "detailed",
    facts(Cache, Files),
    phases(Step, Wait),
    context(agent, interactive, ci_vendor, libc, channel = option_env!("DETAILED_CHANNEL_THAT_IS_NOT_SET")),
    actives,
)]
#[derive(Parser)]
pub(crate) struct Cli {
    #[arg(long, global = true)]
    #[telemetry(record)]
    quiet: bool,
    #[arg(short, long, global = true, action = ArgAction::Count)]
    #[telemetry(record(buckets(1, 2, 3)))]
    verbose: u8,
    #[arg(long)]
    #[telemetry(record)]
    format: Option<Format>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    Build(Build),
    /// Does what its argument says.
    Do {
        #[arg(value_enum)]
        what: What,
    },
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(Args)]
struct Build {
    #[arg(long)]
    #[telemetry(record)]
    release: bool,
    #[arg(long, action = ArgAction::Set)]
    #[telemetry(record)]
    color: Option<bool>,
    /// The root has one of this name, too.
    #[arg(long)]
    #[telemetry(record)]
    format: Option<Other>,
    #[arg(long, value_delimiter = ',')]
    #[telemetry(record)]
    emit: Vec<Format>,
    #[arg(long, env = "DETAILED_TARGET")]
    #[telemetry(record(given))]
    target_dir: Option<PathBuf>,
    #[arg(long, default_value_t = 8)]
    #[telemetry(record(buckets(1, 10, 100)))]
    jobs: u32,
    #[arg(long)]
    #[telemetry(record(given))]
    secret: Option<String>,
    #[telemetry(record(count(1, 2, 10)))]
    files: Vec<PathBuf>,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Json,
    #[value(name = "plain-text", alias = "text")]
    Text,
    #[value(skip)]
    #[allow(dead_code)]
    Internal,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Other {
    Tar,
    Zip,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    RecordFacts,
    RecordFromThreads,
    TimePhases,
    Panic,
    Exit,
    Hang,
}

#[derive(Fact)]
enum Cache {
    Hit,
    Miss,
}

#[derive(Fact)]
#[fact(name = "files-scanned", buckets(1, 10, 100))]
struct Files(u64);

#[derive(Phase)]
enum Step {
    Resolve,
    Compile,
}

#[derive(Phase)]
enum Wait {
    #[phase(name = "lock")]
    ForTheLock,
}

#[telemetry_main]
pub(crate) fn main(cli: Cli) -> ExitCode {
    match cli.command {
        Some(Command::Do { what }) => work(what),
        Some(Command::Telemetry(command)) => {
            if let Err(error) = command.run::<Cli>() {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
        Some(Command::Build(_)) | None => {}
    }
    ExitCode::SUCCESS
}

fn work(what: What) {
    match what {
        What::RecordFacts => {
            Cli::record(Cache::Miss);
            Cli::record(Files(42));
            Cli::record(Cache::Hit);
        }
        What::RecordFromThreads => {
            let threads = [1, 10, 100].map(|files| thread::spawn(move || Cli::record(Files(files))));
            for thread in threads {
                let _ = thread.join();
            }
            Cli::record(Files(0));
        }
        What::TimePhases => {
            for _ in 0..3 {
                Cli::time(Step::Resolve, || thread::sleep(Duration::from_millis(2)));
            }
            Cli::time(Wait::ForTheLock, || ());
        }
        What::Panic => Cli::time(Step::Compile, || {
            Cli::record(Cache::Miss);
            panic!("expected")
        }),
        What::Exit => {
            Cli::record(Cache::Miss);
            std::process::exit(3);
        }
        What::Hang => {
            Cli::record(Cache::Miss);
            Cli::time(Step::Resolve, || thread::sleep(Duration::from_millis(1)));
            println!("ready");
            thread::sleep(Duration::from_secs(60));
        }
    }
}
