//! Every kind of type that the macros expand, as authors write them: without `allow`.

use std::fmt;
use std::process::ExitCode;

use telemetry_runtime::{ErrorClass, telemetry_main};

/// Types of a library, public and documented.
pub mod public {
    use clap::{Args, Parser, Subcommand};
    use telemetry_runtime::telemetry_cli;

    /// A constant
    pub const NAME: &str = "constant";

    /// The root
    #[telemetry_cli(
        app = "shapes",
        env = "SHAPES",
        consent = "opt-in",
        purpose = concat!("To", " know"),
        contact = NAME,
        privacy_url = "https://example.com",
        interval = "30m",
        headers = { "x-a" = NAME, "x-b" = "literal" },
        errors(super::Error, std::io::Error),
        abandoned,
        event = "event",
        source = "source",
        client_id = "client",
        system_version = "version"
    )]
    #[derive(Debug, Parser)]
    #[command(version)]
    pub struct Cli {
        /// A flag
        #[arg(long, global = true)]
        pub verbose: bool,
        /// The command
        #[command(subcommand)]
        pub command: Option<Command>,
    }

    /// The commands
    #[telemetry_cli]
    #[derive(Debug, Subcommand)]
    pub enum Command {
        /// Unit
        Unit,
        /// A name that is an expression
        #[command(name = NAME)]
        Constant,
        /// Payload
        Payload(Payload),
        /// Boxed
        Boxed(Box<Payload>),
        /// Nested
        #[command(subcommand)]
        Nested(Nested),
        /// In the place of others
        #[command(flatten)]
        Flattened(Flattened),
        /// Also, but not listed
        #[command(flatten)]
        #[telemetry(opaque)]
        Unlisted(Unlisted),
        /// Fields
        Fields {
            /// An argument
            path: Option<String>,
            /// Holds a command
            #[command(flatten)]
            holder: Holder,
        },
        /// Generic
        Generic(Generic<Payload>),
        /// Not a command
        #[command(skip)]
        Skipped(u8),
        /// No event
        #[telemetry(skip)]
        Quiet,
        /// Not interrupted
        #[telemetry(no_prompt)]
        Hook,
        /// Not listed below
        #[command(subcommand)]
        #[telemetry(opaque)]
        Opaque(Unlisted),
        /// See and change what is collected
        #[command(subcommand)]
        Telemetry(telemetry_runtime::manage::TelemetryCommand),
        /// Any other
        #[command(external_subcommand)]
        Other(Vec<String>),
    }

    /// Arguments
    #[derive(Debug, Args)]
    pub struct Payload {
        /// A value
        #[arg(long)]
        pub value: Option<String>,
    }

    /// Commands below a command
    #[telemetry_cli]
    #[derive(Debug, Subcommand)]
    #[command(rename_all = "snake_case")]
    pub enum Nested {
        /// One
        OneWord,
        /// Another
        Another(Holder),
    }

    /// Commands beside others
    #[telemetry_cli]
    #[derive(Debug, Subcommand)]
    pub enum Flattened {
        /// First
        First,
        /// Second
        Second,
    }

    /// Commands that are not listed
    #[derive(Debug, Subcommand)]
    pub enum Unlisted {
        /// Third
        Third,
    }

    /// Arguments that hold a command
    #[telemetry_cli]
    #[derive(Debug, Args)]
    pub struct Holder {
        /// The command
        #[command(subcommand)]
        pub below: Option<Below>,
    }

    /// One command
    #[telemetry_cli]
    #[derive(Debug, Subcommand)]
    pub enum Below {
        /// Below
        Below,
    }

    /// Generic arguments
    #[telemetry_cli]
    #[derive(Debug, Args)]
    pub struct Generic<T: Args> {
        /// The arguments
        #[command(flatten)]
        pub inner: T,
    }

    /// A struct without subcommands
    #[telemetry_cli(parse = false)]
    #[derive(Debug, Parser)]
    pub struct Small {
        /// A value
        pub value: Option<String>,
    }

    impl Small {
        /// A function of the author's
        #[must_use]
        pub fn parse() -> Self {
            <Small as Parser>::parse()
        }
    }

    /// A root that does not derive `Parser`
    #[telemetry_cli(root, app = "bare")]
    #[derive(Debug, Subcommand)]
    pub enum Bare {
        /// One
        One,
    }
}

/// CLIs of other shapes: with a flag, built without derive, called by cargo.
pub mod others {
    use clap::{Command, Parser};
    use telemetry_runtime::manage::TelemetryFlag;
    use telemetry_runtime::telemetry_cli;

    /// Without subcommands
    #[telemetry_cli(app = "flat")]
    #[derive(Debug, Parser)]
    pub struct Flat {
        /// An argument
        pub file: String,
        /// The flag
        #[command(flatten)]
        pub telemetry: TelemetryFlag,
    }

    /// Built with `clap::Command`
    #[telemetry_cli(app = "built", command = built(), commands("one", "two"("three"), #[telemetry(skip)] "four", _))]
    #[derive(Debug)]
    pub struct Built;

    fn built() -> Command {
        let two = Command::new("two").subcommand(Command::new("three"));
        Command::new("built").subcommands([Command::new("one"), two, Command::new("four")]).allow_external_subcommands(true)
    }

    /// A cargo plugin
    #[telemetry_cli(app = "cargo-plugin")]
    #[derive(Debug, Parser)]
    #[command(name = "cargo", bin_name = "cargo")]
    pub enum Cargo {
        /// Its own name
        #[telemetry(transparent)]
        Plugin {
            /// An argument
            count: u8,
        },
    }
}

/// Types private to this program.
mod private {
    use telemetry_runtime::telemetry_cli;

    #[telemetry_cli]
    #[derive(clap::Parser)]
    pub(crate) enum Cli {
        Run,
        #[command(subcommand)]
        Nested(Nested),
    }

    #[telemetry_cli]
    #[derive(clap::Subcommand)]
    pub(crate) enum Nested {
        Leaf,
    }
}

/// An error
#[derive(Debug, ErrorClass)]
pub enum Error {
    /// From std
    #[error_class(transparent)]
    Io(std::io::Error),
    /// With a name
    #[error_class(name = "not-found")]
    NotFound {
        /// A path
        path: String,
    },
    /// Unit
    Other,
}

/// A struct
#[derive(Debug, ErrorClass)]
pub struct Single;

/// A generic error
#[derive(Debug, ErrorClass)]
#[error_class(transparent)]
pub struct Wrapped<E>(E);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error")
    }
}

impl std::error::Error for Error {}

/// Each form of main, in modules that import `Parser` and in others.
mod mains {
    /// Without an import
    pub(crate) mod plain {
        #[telemetry_runtime::telemetry_main(crate::private::Cli)]
        pub(crate) fn main() {
            match crate::private::Cli::parse() {
                crate::private::Cli::Run | crate::private::Cli::Nested(crate::private::Nested::Leaf) => {}
            }
        }
    }

    /// With an import that has no other use
    pub(crate) mod imports {
        use clap::Parser;

        #[telemetry_runtime::telemetry_main(crate::private::Cli, errors(std::io::Error))]
        pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
            let _cli = crate::private::Cli::try_parse()?;
            Ok(())
        }
    }

    /// Without derive
    pub(crate) mod built {
        use crate::others::{Built, Cargo, Flat};

        #[telemetry_runtime::telemetry_main(Built)]
        pub(crate) fn main() {
            let matches = Built::get_matches();
            println!("{:?} {:?} {:?}", matches.subcommand_name(), Flat::try_parse().is_ok(), Cargo::try_parse().is_ok());
        }
    }

    /// With a parameter
    pub(crate) mod parameter {
        #[telemetry_runtime::telemetry_main]
        pub(crate) fn main(_: crate::private::Cli) -> Result<(), crate::Error> {
            Err(crate::Error::Other)
        }
    }
}

#[telemetry_main(errors(Error))]
fn main(public::Cli { verbose, command }: public::Cli) -> Result<ExitCode, Error> {
    match command {
        Some(public::Command::Unit) => Err(Error::NotFound { path: String::new() }),
        Some(public::Command::Constant) => Err(Error::Io(std::io::Error::other("x"))),
        Some(public::Command::Hook) => Ok(mains::plain::main()),
        Some(public::Command::Quiet) => Ok(mains::imports::main()),
        Some(public::Command::Telemetry(command)) => {
            Ok(command.run::<public::Cli>().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS))
        }
        Some(public::Command::Payload(_)) => Ok(mains::built::main()),
        Some(_) if verbose => Ok(mains::parameter::main()),
        _ => {
            println!("{:?} {:?} {:?}", public::Small::parse(), Single, Wrapped(Single));
            Ok(ExitCode::SUCCESS)
        }
    }
}
