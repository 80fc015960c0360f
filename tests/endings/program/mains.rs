use std::error::Error as StdError;
use std::io;
use std::process::{self, ExitCode, Termination};

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser};
use telemetry_runtime::{telemetry_cli, telemetry_main};

use crate::Cli;
use crate::errors::{Error, Ninth, ShowPanics, Unlisted};
use crate::rows::announce;

macro_rules! mains {
    ($($name:ident($cli:ident) -> $returned:ty { $($body:tt)* })*) => {
        $(mod $name {
            pub(super) mod sync {
                use super::super::*;

                #[telemetry_main(Cli)]
                pub(in super::super) fn main() -> $returned {
                    let $cli = Cli::parse();
                    $($body)*
                }
            }

            pub(super) mod tasks {
                use super::super::*;

                #[telemetry_main(Cli)]
                #[tokio::main]
                pub(in super::super) async fn main() -> $returned {
                    let $cli = Cli::parse();
                    $($body)*
                }
            }
        })*

        pub(crate) fn sync(main: &str) -> ExitCode {
            match main {
                $(stringify!($name) => $name::sync::main().report(),)*
                _ => unreachable!("no main is called {main}"),
            }
        }

        /// The same as async functions, run by tokio on several threads.
        pub(crate) fn tasks(main: &str) -> ExitCode {
            match main {
                $(stringify!($name) => $name::tasks::main().report(),)*
                _ => unreachable!("no main is called {main}"),
            }
        }
    };
}

mains! {
    unit(cli) -> () { cli.run() }
    err_own(_cli) -> Result<(), Error> { Err(Error::Refused) }
    err_boxed_own(_cli) -> Result<(), Box<Error>> { Err(Box::new(Error::Refused)) }
    err_without_classes(_cli) -> Result<(), Unlisted> { Err(Unlisted) }
    err_anyhow(_cli) -> anyhow::Result<()> {
        Err(io::Error::from(io::ErrorKind::NotFound)).context("first").context("second")
    }
    err_boxed(_cli) -> Result<(), Box<dyn StdError>> {
        "seven".parse::<u8>()?;
        Ok(())
    }
    err_shared(_cli) -> Result<(), Box<dyn StdError + Send + Sync>> { Err("a text".into()) }
    err_io(_cli) -> io::Result<()> { Err(io::ErrorKind::PermissionDenied.into()) }
    err_text(_cli) -> Result<(), &'static str> { Err("a text") }
    err_that_panics(_cli) -> Result<(), ShowPanics> { Err(ShowPanics) }
    exit_code(cli) -> ExitCode { ExitCode::from(cli.code()) }
    result_exit_code(cli) -> Result<ExitCode, Error> { Ok(ExitCode::from(cli.code())) }
    own_termination(_cli) -> Ninth { Ninth::Reports }
    own_termination_exits(_cli) -> Ninth { Ninth::Exits }
}

pub(crate) mod never {
    use super::*;

    #[telemetry_main(Cli)]
    pub(crate) fn main() -> ! {
        process::exit(Cli::parse().code().into())
    }
}

/// Reports the moment at which main begins.
pub(crate) mod announces {
    use super::*;

    #[telemetry_main(Cli)]
    pub(crate) fn main() {
        announce();
        Cli::parse().run();
    }
}

pub(crate) mod parses_itself {
    use super::*;

    #[telemetry_main(Cli)]
    pub(crate) fn main() -> ExitCode {
        match Cli::try_parse() {
            Ok(cli) => ExitCode::from(cli.code()),
            Err(error) => error.exit(),
        }
    }
}

pub(crate) mod parses_generically {
    use super::*;

    #[telemetry_main(Cli)]
    pub(crate) fn main() -> ExitCode {
        ExitCode::from(parse::<Cli>().code())
    }

    fn parse<C: Parser>() -> C {
        C::parse()
    }
}

pub(crate) mod parses_matches {
    use super::*;

    #[telemetry_main(Cli)]
    pub(crate) fn main() -> Result<ExitCode, clap::Error> {
        let cli = Cli::from_arg_matches(&Cli::command().get_matches())?;
        Ok(ExitCode::from(cli.code()))
    }
}

pub(crate) mod records_matches {
    use super::*;

    #[telemetry_main(Cli)]
    pub(crate) fn main() -> Result<ExitCode, clap::Error> {
        let cli = Cli::from_arg_matches(&Cli::command().get_matches())?;
        telemetry_runtime::record_invocation_start(&cli);
        Ok(ExitCode::from(cli.code()))
    }
}

/// Without a wrapper: the run begins with the parse, and ends with the process.
pub(crate) fn without_macro() -> ExitCode {
    let cli = <Cli as Parser>::parse();
    telemetry_runtime::record_invocation_start(&cli);
    let code = cli.code();
    cli.run();
    ExitCode::from(code)
}

/// Its runs are recorded even if they end without a trace.
#[telemetry_cli(app = "endings", abandoned)]
#[derive(Parser)]
#[command(name = "endings")]
struct Watched {
    #[command(flatten)]
    cli: Cli,
}

pub(crate) mod watched {
    use super::*;

    #[telemetry_main(Watched)]
    pub(crate) fn main() {
        let watched = Watched::parse();
        if let Ok(line) = std::env::var("ENDINGS_PARSES_AGAIN") {
            // Like a program that reads commands of its own.
            drop(Watched::try_parse_from(["endings"].into_iter().chain(line.split(' '))));
        }
        watched.cli.run();
    }
}
