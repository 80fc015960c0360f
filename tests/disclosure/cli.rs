use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use telemetry_runtime::{ErrorClass, telemetry_cli};

/// Every kind of argument, and every way to end
#[telemetry_cli(
    app = "subject",
    purpose = "To know which commands are worth our time.",
    contact = "telemetry@example.com",
    privacy_url = "https://example.com/privacy",
    errors(Refused, Unnamed),
    abandoned
)]
#[derive(Parser)]
#[command(name = "subject", version)]
pub(crate) struct Cli {
    /// Where it takes place
    #[arg(long, global = true, env = "SUBJECT_PLACE")]
    pub(crate) place: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Do nothing with all kinds of arguments
    Take(Take),
    /// See and change remotes
    #[command(subcommand)]
    Remote(Remote),
    #[command(flatten)]
    Ending(Ending),
    /// Leave no event
    #[telemetry(skip)]
    Secret { text: Option<String> },
    #[command(flatten)]
    #[telemetry(skip)]
    Admin(Admin),
    /// Write an argument where the events are
    Leak { text: String },
    /// Print the schema of the events
    Schema,
    /// Print what is collected
    Disclosure,
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// None of these leaves an event, as one of them alone would say it.
#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Admin {
    Reset { what: String },
    Rotate { key: Option<String> },
}

#[derive(Args)]
pub(crate) struct Take {
    pub(crate) name: String,
    pub(crate) files: Vec<PathBuf>,
    #[arg(short, long)]
    pub(crate) count: Option<u16>,
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"])]
    pub(crate) range: Option<Vec<String>>,
    #[arg(long, require_equals = true)]
    pub(crate) key: Option<String>,
    #[arg(long, env = "SUBJECT_TOKEN")]
    pub(crate) token: Option<String>,
    #[arg(long, value_enum)]
    pub(crate) colour: Option<Colour>,
    #[arg(long, conflicts_with = "key")]
    pub(crate) force: bool,
    #[arg(last = true)]
    pub(crate) rest: Vec<OsString>,
}

#[derive(Clone, ValueEnum)]
pub(crate) enum Colour {
    Red,
    Green,
}

#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Remote {
    Add { name: String, url: String },
    List,
}

/// The ways to end.
#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Ending {
    /// Return an error
    #[command(subcommand)]
    Fail(Fail),
    Panic,
    Exit {
        code: u8,
    },
    Quit {
        code: i32,
    },
    Sleep {
        milliseconds: u64,
    },
}

#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Fail {
    /// A type with classes of its own, known to the root
    Refused,
    /// A type without classes, known to the root
    Unnamed,
    /// A type known to main only
    Late,
    /// One of std's types
    Missing,
    /// A type nobody knows
    Unknown,
}

#[derive(Debug, ErrorClass)]
pub(crate) enum Refused {
    ByUs,
    #[allow(dead_code)]
    ByOthers(String),
}

#[derive(Debug)]
pub(crate) struct Unnamed;

#[derive(Debug)]
pub(crate) struct Late;

#[derive(Debug)]
pub(crate) struct Unknown;

macro_rules! errors {
    ($($error:ty)*) => {$(
        impl fmt::Display for $error {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "it did not work out")
            }
        }

        impl std::error::Error for $error {}
    )*};
}

errors!(Refused Unnamed Late Unknown);
