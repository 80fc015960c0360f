//! clap's parsing functions, which also record what was parsed.

use std::ffi::OsString;

use clap::Parser;
use clap::error::ErrorKind;

use super::refused::{AfterHelp, path_of_refused};
use super::{begin, finish, record_invocation_start, record_refused};
use crate::declare::{ErrorClass, TelemetryApp};
use crate::event::Outcome;

/// [`Parser::parse`], recorded.
pub fn parse<C: Parser + TelemetryApp>() -> C {
    parse_from(std::env::args_os())
}

/// [`Parser::try_parse`], recorded.
///
/// # Errors
///
/// clap's.
pub fn try_parse<C: Parser + TelemetryApp>() -> Result<C, clap::Error> {
    try_parse_from(std::env::args_os())
}

/// [`Parser::parse_from`], recorded.
pub fn parse_from<C, I, T>(itr: I) -> C
where
    C: Parser + TelemetryApp,
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    if cfg!(feature = "off") {
        return C::parse_from(itr);
    }
    match try_parse_from(itr) {
        Ok(cli) => cli,
        Err(error) => {
            // Where exit codes cannot be seen from an exit handler, this is the last moment at which it is known.
            finish(outcome(&error));
            error.exit()
        }
    }
}

/// [`Parser::try_parse_from`], recorded. A parse that failed leaves its path and its class; whether it ends the run
/// is the caller's choice.
///
/// # Errors
///
/// clap's.
pub fn try_parse_from<C, I, T>(itr: I) -> Result<C, clap::Error>
where
    C: Parser + TelemetryApp,
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    if !begin::<C>() {
        return C::try_parse_from(itr);
    }
    let mut after_help = AfterHelp::default();
    let mut command = C::command();
    let args = itr.into_iter().map(Into::into).inspect(|arg| after_help.see(arg));
    // What `C::try_parse_from` does, but with the command still there to tell how far clap has come.
    let parsed = command
        .try_get_matches_from_mut(args)
        .and_then(|mut matches| C::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut C::command())));
    match &parsed {
        Ok(cli) => record_invocation_start(cli),
        Err(error) => {
            let after_help = if error.kind() == ErrorKind::DisplayHelp { after_help.args() } else { &[] };
            let path = || path_of_refused(C::COMMANDS, &C::command(), &command, after_help);
            record_refused::<C>(path, outcome(error));
        }
    }
    parsed
}

/// How a run ends if this error ends it.
fn outcome(error: &clap::Error) -> Outcome {
    Outcome { error_class: Some(error.error_class()), ..Outcome::from_code(error.exit_code()) }
}

/// The functions of a root. The name of this macro is part of the error that a type with a `parse` of its own gets.
#[doc(hidden)]
#[macro_export]
macro_rules! parse_functions_unless_parse_is_false {
    ($($impl_of_root:tt)*) => {
        $($impl_of_root)* {
            /// Parses the arguments of this process as clap's `Parser::parse` does, and records the run.
            pub fn parse() -> Self {
                $crate::__private::parse::<Self>()
            }

            /// Parses the arguments of this process as clap's `Parser::try_parse` does, and records the run.
            ///
            /// # Errors
            ///
            /// clap's.
            pub fn try_parse() -> ::core::result::Result<Self, $crate::__private::clap::Error> {
                $crate::__private::try_parse::<Self>()
            }

            /// Parses `itr` as clap's `Parser::parse_from` does, and records the run.
            pub fn parse_from<__I, __T>(itr: __I) -> Self
            where
                __I: ::core::iter::IntoIterator<Item = __T>,
                __T: ::core::convert::Into<::std::ffi::OsString> + ::core::clone::Clone,
            {
                $crate::__private::parse_from::<Self, __I, __T>(itr)
            }

            /// Parses `itr` as clap's `Parser::try_parse_from` does, and records the run.
            ///
            /// # Errors
            ///
            /// clap's.
            pub fn try_parse_from<__I, __T>(itr: __I) -> ::core::result::Result<Self, $crate::__private::clap::Error>
            where
                __I: ::core::iter::IntoIterator<Item = __T>,
                __T: ::core::convert::Into<::std::ffi::OsString> + ::core::clone::Clone,
            {
                $crate::__private::try_parse_from::<Self, __I, __T>(itr)
            }
        }
    };
}
